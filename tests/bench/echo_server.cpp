// Gives every message back. With nothing of ours: gRPC's callback server, the limit of what a door can do per second of
// a processor. With --own: the same through libs/rpc, whose handlers run on an executor of their own.
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <tilts/intake/v1/fact_service.pb.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>

#include "log/log.hpp"
#include "metrics/metrics.hpp"
#include "rpc/executor.hpp"
#include "rpc/method_table.hpp"
#include "rpc/server.hpp"
#include "service/clocks.hpp"

namespace tilts::bench {
namespace {

class EchoReactor final : public grpc::ServerGenericBidiReactor {
 public:
  EchoReactor() { StartRead(&message_); }
  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::CANCELLED);
    StartWriteAndFinish(&message_, grpc::WriteOptions(), grpc::Status::OK);
  }
  void OnDone() override { delete this; }

 private:
  grpc::ByteBuffer message_;
};

class EchoService final : public grpc::CallbackGenericService {
 public:
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext*) override {
    return new EchoReactor();
  }
};

class OpenDoor final : public rpc::Gatekeeper {
 public:
  core::Result<auth::Principal> Admit(const google::protobuf::MethodDescriptor&, const rpc::Metadata&,
                                      core::CityTime) override {
    return auth::Principal();
  }
};

void WaitForSignal(const sigset_t& signals) {
  int received = 0;
  sigwait(&signals, &received);
}

int ServeBare(int port, const sigset_t& signals) {
  EchoService service;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:" + std::to_string(port), grpc::InsecureServerCredentials());
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.RegisterCallbackGenericService(&service);
  const auto server = builder.BuildAndStart();
  if (server == nullptr) return 1;
  WaitForSignal(signals);
  server->Shutdown();
  return 0;
}

int ServeOwn(int port, const sigset_t& signals) {
  const auto machine_clock = service::MakeMachineClock();
  const auto city_clock = service::MakeCityClock("", "test");
  if (!city_clock) return 1;
  metrics::Registry metrics;
  rpc::MethodTable methods;
  const auto* fact_service = intake::v1::PushFactsRequest::descriptor()->file()->service(0);
  for (int i = 0; i < fact_service->method_count(); ++i) {
    methods.BindRaw(std::string(fact_service->full_name()) + "/" + fact_service->method(i)->name(),
                    [](const rpc::CallContext&, std::string_view request, rpc::RawReplier reply) {
                      reply.Send(std::string(request));
                    });
  }
  rpc::Executor executor("echo", 8, 1'024, metrics);
  OpenDoor door;
  auto server = rpc::Server::Start({.port = port},
                                   {methods, executor, door, **city_clock, *machine_clock, log::Silent(), metrics, {}});
  if (!server) {
    std::cerr << server.error().message << "\n";
    return 1;
  }
  WaitForSignal(signals);
  return 0;
}

}  // namespace
}  // namespace tilts::bench

int main(int argc, char** argv) {
  CLI::App app{"Gives every gRPC message back."};
  int port = 0;
  bool own = false;
  app.add_option("--port", port)->required();
  app.add_flag("--own", own, "through libs/rpc");
  CLI11_PARSE(app, argc, argv);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return own ? tilts::bench::ServeOwn(port, signals) : tilts::bench::ServeBare(port, signals);
}
