#include "service/operations_server.hpp"

#include <tilts/operations/v1/operations_service.pb.h>

#include <algorithm>

#include "core/clock.hpp"
#include "log/log.hpp"
#include "rpc/method_table.hpp"
#include "service/health.hpp"
#include "wire/time.hpp"

namespace tilts::service {

using operations::v1::GetStatusRequest;
using operations::v1::GetStatusResponse;
using operations::v1::ListDeadLettersRequest;
using operations::v1::ListDeadLettersResponse;
using operations::v1::RedriveDeadLetterRequest;
using operations::v1::RedriveDeadLetterResponse;

Operations::Operations() : parts_(std::make_unique<Parts>()) {}
Operations::~Operations() = default;

void Operations::Add(std::string name, Source source) {
  parts_->sources.emplace_back(std::move(name), std::move(source));
}

void Operations::UseDeadLetters(DeadLetters& dead_letters) {
  parts_->dead_letters = &dead_letters;
}

OperationsServer::OperationsServer(Identity identity, const Operations& operations, const Health& health,
                                   const core::CityClock& city_clock, const core::MachineClock& machine_clock,
                                   const log::Logger& log)
    : identity_(std::move(identity)),
      operations_(operations),
      health_(health),
      city_clock_(city_clock),
      machine_clock_(machine_clock),
      log_(log) {}

void OperationsServer::Bind(rpc::MethodTable& methods) {
  methods.Bind<GetStatusRequest, GetStatusResponse>(
      "tilts.operations.v1.OperationsService/GetStatus",
      [this](const rpc::CallContext& call, const GetStatusRequest&) { return GetStatus(call); });
  methods.Bind<ListDeadLettersRequest, ListDeadLettersResponse>(
      "tilts.operations.v1.OperationsService/ListDeadLetters",
      [this](const rpc::CallContext& call,
             const ListDeadLettersRequest& request) -> core::Result<ListDeadLettersResponse> {
        DeadLetters* letters = operations_.parts_->dead_letters;
        return letters == nullptr ? ListDeadLettersResponse() : letters->List(call, request);
      });
  methods.Bind<RedriveDeadLetterRequest, RedriveDeadLetterResponse>(
      "tilts.operations.v1.OperationsService/RedriveDeadLetter",
      [this](const rpc::CallContext& call,
             const RedriveDeadLetterRequest& request) -> core::Result<RedriveDeadLetterResponse> {
        DeadLetters* letters = operations_.parts_->dead_letters;
        if (letters == nullptr) return core::Fail(core::Errc::kNotFound, "this service parks no records");
        return letters->Redrive(call, request);
      });
}

core::Result<GetStatusResponse> OperationsServer::GetStatus(const rpc::CallContext& call) const {
  GetStatusResponse status;
  bool complete = true;
  for (const auto& [name, source] : operations_.parts_->sources) {
    if (auto added = source(call, status); !added) {
      complete = false;
      log_.Warning("a status source failed", {{"source", name}, {"reason", added.error().message}});
    }
  }
  std::int64_t lag = 0;
  for (const auto& consumer : status.consumers()) {
    lag += std::max<std::int64_t>(0, consumer.end_offset() - consumer.stored_offset());
  }
  status.set_lag_records(status.lag_records() + static_cast<std::uint64_t>(lag));
  if (count_handlers_) status.set_in_flight(status.in_flight() + count_handlers_());
  status.set_service(identity_.service);
  status.set_instance(identity_.instance);
  status.set_version(identity_.version);
  status.set_ready(health_.ready());
  for (std::string& condition : health_.unmet()) status.add_unmet_conditions(std::move(condition));
  *status.mutable_machine_time() = wire::ToTimestamp(machine_clock_.Now());
  *status.mutable_city_time() = wire::ToTimestamp(city_clock_.Now());
  status.set_at_rest(complete && status.ready() && status.outbox_rows() == 0 && status.lag_records() == 0 &&
                     status.due_now() == 0 && status.in_flight() == 0);
  return status;
}

}  // namespace tilts::service
