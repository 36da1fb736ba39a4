#include "receiver.hpp"

#include <absl/strings/str_cat.h>

#include <stdexcept>

namespace tilts::e2e {

Receiver::Receiver() {
  auto server = http::HttpServer::Start(
      {}, [this](http::Request request, http::Responder respond) { Receive(std::move(request), std::move(respond)); });
  if (!server) throw std::runtime_error(server.error().message);
  server_ = std::move(*server);
}

std::string Receiver::url() const {
  return absl::StrCat("http://127.0.0.1:", server_->port(), "/hook");
}

void Receiver::AnswerWith(int status, http::Headers headers) {
  const std::lock_guard lock(mutex_);
  status_ = status;
  headers_ = std::move(headers);
}

void Receiver::Stop() {
  {
    const std::lock_guard lock(mutex_);
    hanging_.clear();
  }
  // Requests that hang on purpose are cut; that they are is not what a test asks.
  (void)server_->Stop(std::chrono::milliseconds(200));
}

void Receiver::Receive(http::Request request, http::Responder respond) {
  const auto header = [&](std::string_view name) { return std::string(request.headers.Find(name).value_or("")); };
  Hook hook{
      std::chrono::steady_clock::now(), header("webhook-id"), header("webhook-signature"),
      header("webhook-timestamp"),      request.body,         nlohmann::json::parse(request.body, nullptr, false)};
  const std::lock_guard lock(mutex_);
  hooks_.push_back(std::move(hook));
  if (status_ == 0) {
    hanging_.push_back(std::move(respond));
    return;
  }
  respond(http::Response{.status = status_, .headers = headers_});
}

std::vector<Hook> Receiver::hooks() const {
  const std::lock_guard lock(mutex_);
  return hooks_;
}

std::set<std::string> Receiver::distinct_ids() const {
  std::set<std::string> ids;
  for (const Hook& hook : hooks()) ids.insert(hook.webhook_id);
  return ids;
}

std::size_t Receiver::CountOf(const std::string& type, const std::string& referral_id) const {
  std::set<std::string> ids;
  for (const Hook& hook : hooks()) {
    if (hook.body.is_discarded() || hook.body.value("type", "") != type) continue;
    if (hook.body.value("/data/referral_id"_json_pointer, "") == referral_id) ids.insert(hook.webhook_id);
  }
  return ids.size();
}

}  // namespace tilts::e2e
