#pragma once

#include <functional>
#include <memory>

#include "core/result.hpp"
#include "rpc/call.hpp"

namespace tilts::operations::v1 {
class GetStatusResponse;
}

namespace tilts::service {

// What the process says about itself to tiltsctl and to the simulator, which steps the city clock only when everything
// is at rest. A component adds its own rows: outbox rows, consumer offset against the end of the log, work due now,
// next_due_at, deliveries in flight, dead letters.
class Operations {
 public:
  using Source = std::function<core::Status(const rpc::CallContext&, operations::v1::GetStatusResponse&)>;

  Operations();
  ~Operations();

  // Called on the executor for each GetStatus; may read the store. An error makes the answer "unknown", never "at rest".
  void Add(std::string name, Source source);

 private:
  friend class StatusServer;
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace tilts::service
