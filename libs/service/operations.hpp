#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/result.hpp"
#include "rpc/call.hpp"

namespace tilts::operations::v1 {
class GetStatusResponse;
class ListDeadLettersRequest;
class ListDeadLettersResponse;
class RedriveDeadLetterRequest;
class RedriveDeadLetterResponse;
}  // namespace tilts::operations::v1

namespace tilts::service {

// What a service with consumers does about records it could not process. A redrive writes its audit record itself.
class DeadLetters {
 public:
  virtual ~DeadLetters() = default;
  virtual core::Result<operations::v1::ListDeadLettersResponse> List(
      const rpc::CallContext& call, const operations::v1::ListDeadLettersRequest& request) = 0;
  virtual core::Result<operations::v1::RedriveDeadLetterResponse> Redrive(
      const rpc::CallContext& call, const operations::v1::RedriveDeadLetterRequest& request) = 0;
};

// What the process says about itself by OperationsService (served by libs/service in every service), to tiltsctl and to
// the simulator, which steps the city clock only when everything is at rest.
class Operations {
 public:
  // Adds the component's own figures to the answer: numbers are added (outbox_rows += …), times kept at the earliest,
  // lists appended. at_rest, lag_records, service, version, ready and city_time are filled in afterwards from them.
  using Source = std::function<core::Status(const rpc::CallContext&, operations::v1::GetStatusResponse&)>;

  Operations();
  ~Operations();

  // Called on the executor for each GetStatus; may read the store. An error makes the answer "not at rest".
  void Add(std::string name, Source source);
  // At most one; without one the list is empty.
  void UseDeadLetters(DeadLetters& dead_letters);

 private:
  friend class OperationsServer;
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace tilts::service
