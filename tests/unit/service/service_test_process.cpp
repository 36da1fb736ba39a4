// A service that misbehaves in the way its first argument names.
#include <google/protobuf/descriptor.h>
#include <tilts/operations/v1/operations_service.pb.h>

#include <condition_variable>
#include <mutex>
#include <string>

#include "service/service.hpp"

namespace tilts::service {
namespace {

class OpenDoor final : public rpc::Gatekeeper {
 public:
  core::Result<auth::Principal> Admit(const google::protobuf::MethodDescriptor&, const rpc::Metadata&,
                                      core::CityTime) override {
    return auth::Principal();
  }
};

void BlockForEver() {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock lock(mutex);
  never.wait(lock, [] { return false; });
}

class StuckDeadLetters final : public DeadLetters {
 public:
  explicit StuckDeadLetters(const log::Logger& log) : log_(log) {}

  core::Result<operations::v1::ListDeadLettersResponse> List(const rpc::CallContext&,
                                                             const operations::v1::ListDeadLettersRequest&) override {
    log_.Info("stuck");
    BlockForEver();
    return operations::v1::ListDeadLettersResponse();
  }
  core::Result<operations::v1::RedriveDeadLetterResponse> Redrive(
      const rpc::CallContext&, const operations::v1::RedriveDeadLetterRequest&) override {
    return core::Fail(core::Errc::kNotFound, "none");
  }

 private:
  const log::Logger& log_;
};

core::Status Wire(Runtime& runtime, const std::string& behaviour) {
  if (behaviour != "no-gatekeeper") runtime.UseGatekeeper(runtime.Own(std::make_unique<OpenDoor>()));
  if (behaviour == "wire-fails") return core::Fail(core::Errc::kUnavailable, "the store is down", "STORE");
  if (behaviour == "bad-metric") runtime.metrics.AddCounter("wrong", "Wrong.");
  if (behaviour == "stuck-handler")
    runtime.operations.UseDeadLetters(runtime.Own(std::make_unique<StuckDeadLetters>(runtime.log)));
  if (behaviour == "busy") {
    runtime.operations.Add("outbox", [](const rpc::CallContext&, operations::v1::GetStatusResponse& status) {
      status.set_outbox_rows(3);
      return core::Status();
    });
  }
  if (behaviour == "not-ready") runtime.health.AddCondition("kafka");
  for (const std::string name : {"first", "second"}) {
    Component component;
    component.name = name;
    component.start = [&runtime, name, behaviour]() -> core::Status {
      if (behaviour == "start-fails" && name == "second") return core::Fail(core::Errc::kUnavailable, "no", "NO");
      if (behaviour == "component-fails" && name == "second") runtime.lifecycle.Fail(name);
      return {};
    };
    component.quiesce = [&log = runtime.log, name] { log.Info("quiesced", {{"component", name}}); };
    component.stop = [&log = runtime.log, name, behaviour](StopDeadline) {
      if (behaviour == "stuck-stop" && name == "second") BlockForEver();
      log.Info("component stopped", {{"component", name}});
    };
    runtime.lifecycle.Add(std::move(component));
  }
  return {};
}

}  // namespace
}  // namespace tilts::service

int main(int argc, char** argv) {
  const std::string behaviour = argv[1];
  tilts::service::Definition definition;
  definition.name = "test-service";
  definition.wire = [&](tilts::service::Runtime& runtime) { return tilts::service::Wire(runtime, behaviour); };
  definition.migrate = [](const auto&, const tilts::log::Logger& log) {
    log.Info("migration ran");
    return tilts::core::Status();
  };
  if (behaviour == "needs-postgres") definition.sections = {"postgres"};
  if (behaviour == "wrong-data") {
    definition.check = [](const auto&) -> tilts::core::Status {
      return tilts::core::Fail({tilts::core::Errc::kInvalid,
                                "the rules are not safe to use",
                                "RULES",
                                {{"rules[a]", "PRIORITY_TIE", "priority 7 belongs to b"}},
                                0});
    };
  }
  return tilts::service::Run(argc - 1, argv + 1, std::move(definition));
}
