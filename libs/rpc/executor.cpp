#include "rpc/executor.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "core/concat.hpp"
#include "metrics/metrics.hpp"

namespace tilts::rpc {

// Shared with the threads, so that one that never comes back still finds its queue.
struct Executor::Parts {
  std::string name;
  std::size_t queue_size = 0;
  mutable std::mutex mutex;
  std::condition_variable work;
  std::condition_variable idle;
  std::deque<std::function<void()>> queue;
  std::size_t running = 0;
  std::size_t alive = 0;
  bool stopping = false;
  std::vector<std::thread> threads;
  metrics::Gauge queued_tasks;
  metrics::Counter refused;
  metrics::Counter threw;

  void Loop() {
    std::unique_lock lock(mutex);
    while (true) {
      work.wait(lock, [this] { return stopping || !queue.empty(); });
      if (queue.empty()) break;
      {
        const std::function<void()> task = std::move(queue.front());
        queue.pop_front();
        ++running;
        queued_tasks.Set(static_cast<double>(queue.size()));
        lock.unlock();
        RunGuarded(task);
      }  // the task's captures die before it counts as done
      lock.lock();
      --running;
      if (running == 0) idle.notify_all();
    }
    --alive;
    idle.notify_all();
  }

  void RunGuarded(const std::function<void()>& task) const {
    try {
      task();
    } catch (...) {  // a thread entry: nothing may leave it
      threw.Add();
    }
  }
};

Executor::Executor(std::string name, std::size_t threads, std::size_t queue_size, metrics::Registry& metrics)
    : parts_(std::make_shared<Parts>()) {
  parts_->queue_size = queue_size;
  parts_->queued_tasks =
      metrics.AddGauge("tilts_executor_queued_tasks", "Tasks waiting for a thread.", {{"executor", name}});
  parts_->refused = metrics.AddCounter("tilts_executor_refused_total", "Tasks refused because the queue was full.",
                                       {{"executor", name}});
  parts_->threw = metrics.AddCounter("tilts_executor_exceptions_total", "Tasks that threw.", {{"executor", name}});
  parts_->name = std::move(name);
  parts_->alive = threads;
  for (std::size_t i = 0; i < threads; ++i) {
    parts_->threads.emplace_back([parts = parts_] { parts->Loop(); });
  }
}

Executor::~Executor() {
  Stop(std::chrono::milliseconds(0));
}

core::Status Executor::Submit(std::function<void()> task) {
  {
    const std::lock_guard lock(parts_->mutex);
    if (parts_->stopping) return core::Fail(core::Errc::kUnavailable, "the service is stopping: try another replica");
    if (parts_->queue.size() >= parts_->queue_size) {
      parts_->refused.Add();
      core::Error error{core::Errc::kOverloaded, "too many calls are waiting: try again later", "QUEUE_FULL", {}, 1};
      return core::Fail(std::move(error));
    }
    parts_->queue.push_back(std::move(task));
    parts_->queued_tasks.Set(static_cast<double>(parts_->queue.size()));
  }
  parts_->work.notify_one();
  return {};
}

bool Executor::Stop(std::chrono::milliseconds patience) {
  std::deque<std::function<void()>> dropped;
  bool all_back = false;
  {
    std::unique_lock lock(parts_->mutex);
    parts_->stopping = true;
    parts_->work.notify_all();
    all_back = parts_->idle.wait_for(lock, patience, [this] { return parts_->alive == 0; });
    dropped.swap(parts_->queue);
    if (!all_back) {
      // Idle threads leave at once now that the queue is empty; only busy ones stay.
      parts_->work.notify_all();
      all_back = parts_->idle.wait_for(lock, std::chrono::milliseconds(50), [this] { return parts_->alive == 0; });
    }
  }
  for (std::thread& thread : parts_->threads) {
    if (!thread.joinable()) continue;
    if (all_back) {
      thread.join();
    } else {
      thread.detach();
    }
  }
  return all_back;
}

std::size_t Executor::queued() const {
  const std::lock_guard lock(parts_->mutex);
  return parts_->queue.size();
}

std::size_t Executor::running() const {
  const std::lock_guard lock(parts_->mutex);
  return parts_->running;
}

}  // namespace tilts::rpc
