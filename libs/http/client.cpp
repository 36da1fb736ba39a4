#include "http/client.hpp"

#include <future>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "http/transfer.hpp"

namespace tilts::http {
namespace {

constexpr int kPollMilliseconds = 10'000;  // a wake-up ends it; this only bounds a lost one

void InitialiseCurlOnce() {
  static const CURLcode done = curl_global_init(CURL_GLOBAL_DEFAULT);
  std::ignore = done;
}

core::Error Stopped() {
  return {core::Errc::kUnavailable, "the HTTP client is stopping: retry elsewhere", "HTTP_CLIENT_STOPPED", {}, 0};
}

}  // namespace

class HttpClient::Loop {
 public:
  explicit Loop(ClientOptions options) : options_(std::move(options)) {
    InitialiseCurlOnce();
    multi_ = curl_multi_init();
    thread_ = std::thread([this] { Run(); });
  }

  ~Loop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    curl_multi_wakeup(multi_);
    thread_.join();
    curl_multi_cleanup(multi_);
  }

  void Submit(std::unique_ptr<Transfer> transfer) {
    {
      const std::lock_guard lock(mutex_);
      if (!stopping_) {
        queue_.push_back(std::move(transfer));
      }
    }
    if (transfer) return transfer->Fail(Stopped());
    curl_multi_wakeup(multi_);
  }

 private:
  void Run() {
    while (TakeQueue()) {
      int running = 0;
      curl_multi_perform(multi_, &running);
      FinishDone();
      curl_multi_poll(multi_, nullptr, 0, kPollMilliseconds, nullptr);
    }
    for (auto& [handle, transfer] : active_) {
      curl_multi_remove_handle(multi_, handle);
      transfer->Fail(Stopped());
    }
    active_.clear();
  }

  // False once the client stops; what was queued then is answered too.
  bool TakeQueue() {
    std::vector<std::unique_ptr<Transfer>> taken;
    bool stopping = false;
    {
      const std::lock_guard lock(mutex_);
      taken.swap(queue_);
      stopping = stopping_;
    }
    for (auto& transfer : taken) {
      if (stopping) {
        transfer->Fail(Stopped());
      } else {
        Begin(std::move(transfer));
      }
    }
    return !stopping;
  }

  void Begin(std::unique_ptr<Transfer> transfer) {
    if (active_.size() >= options_.max_in_flight) {
      return transfer->Fail(
          {core::Errc::kOverloaded, "too many exchanges in flight: retry later", "HTTP_IN_FLIGHT", {}, 1});
    }
    if (auto ready = transfer->Prepare(options_); !ready) return transfer->Fail(std::move(ready).error());
    curl_multi_add_handle(multi_, transfer->handle());
    active_.emplace(transfer->handle(), std::move(transfer));
  }

  void FinishDone() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      auto node = active_.extract(message->easy_handle);
      curl_multi_remove_handle(multi_, node.key());
      node.mapped()->Finish(code);
    }
  }

  const ClientOptions options_;
  CURLM* multi_ = nullptr;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Transfer>> queue_;
  bool stopping_ = false;
  std::unordered_map<CURL*, std::unique_ptr<Transfer>> active_;
  std::thread thread_;
};

HttpClient::HttpClient(ClientOptions options) : loop_(std::make_unique<Loop>(std::move(options))) {}
HttpClient::~HttpClient() = default;

void HttpClient::Send(HttpRequest request, Callback callback) {
  loop_->Submit(std::make_unique<Transfer>(std::move(request), std::move(callback)));
}

core::Result<HttpResponse> HttpClient::SendAndWait(HttpRequest request) {
  // Shared: the waiting thread may leave before set_value has returned on the other.
  auto promise = std::make_shared<std::promise<core::Result<HttpResponse>>>();
  auto answer = promise->get_future();
  Send(std::move(request), [promise](core::Result<HttpResponse> result) { promise->set_value(std::move(result)); });
  return answer.get();
}

}  // namespace tilts::http
