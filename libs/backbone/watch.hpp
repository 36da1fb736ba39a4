#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace tilts::backbone {

// A thread that looks at stores and brokers once a second, for readiness and metrics.
class Watch {
 public:
  // `looks` counts from 0, so that costly questions can be asked less often.
  using Look = std::function<void(int looks)>;

  explicit Watch(Look look) : look_(std::move(look)) {}
  ~Watch() { Stop(); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  void Start();
  void Stop();  // safe to call twice

 private:
  void Run();

  const Look look_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace tilts::backbone
