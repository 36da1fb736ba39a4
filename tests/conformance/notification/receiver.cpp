#include "receiver.hpp"

namespace tilts::notification {

Receiver::Receiver() {
  server_ =
      http::HttpServer::Start({}, [this](http::Request request, http::Responder respond) {
        const auto header = [&](const char* name) { return std::string(request.headers.Find(name).value_or("")); };
        const std::lock_guard lock(mutex_);
        hooks_.push_back(
            {header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"), std::move(request.body)});
        if (!hang_) return respond({status_, headers_, "thank you"});
        held_.push_back(std::move(respond));
        most_open_ = std::max(most_open_, held_.size());
      }).value();
}

void Receiver::AnswerWith(int status, http::Headers headers) {
  std::vector<http::Responder> released;
  const std::lock_guard lock(mutex_);
  status_ = status;
  headers_ = std::move(headers);
  hang_ = false;
  for (http::Responder& respond : held_) respond({status_, headers_, ""});
  held_.swap(released);
}

void Receiver::Hang() {
  const std::lock_guard lock(mutex_);
  hang_ = true;
}

void Receiver::Stop() {
  static_cast<void>(server_->Stop(std::chrono::milliseconds(0)));
}

std::string Receiver::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(server_->port()) + path;
}

std::vector<Hook> Receiver::hooks() const {
  const std::lock_guard lock(mutex_);
  return hooks_;
}

std::set<std::string> Receiver::ids() const {
  std::set<std::string> ids;
  for (const Hook& hook : hooks()) ids.insert(hook.id);
  return ids;
}

std::size_t Receiver::most_open() const {
  const std::lock_guard lock(mutex_);
  return most_open_;
}

}  // namespace tilts::notification
