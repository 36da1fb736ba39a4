#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace tilts::service {

// Readiness is earned: the process is ready when every condition holds and it is not stopping. Liveness is that it
// answers at all, and never depends on a store or a broker.
class Health {
 public:
  // A condition starts unmet; the component that named it keeps the setter and may call it from any thread.
  using Setter = std::function<void(bool)>;
  Setter AddCondition(const std::string& name);

  bool ready() const;
  std::vector<std::string> unmet() const;
  // From here on never ready again.
  void StartStopping();
  // Called with the new state at each change, and once at once.
  void OnChange(std::function<void(bool)> listener);

 private:
  struct State {
    mutable std::mutex mutex;
    std::map<std::string, bool> conditions;
    bool stopping = false;
    bool last = false;
    std::function<void(bool)> listener;
    bool Compute() const;
    void Notify();
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace tilts::service
