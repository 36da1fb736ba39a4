#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "rpc/call.hpp"
#include "rpc/replier.hpp"

namespace google::protobuf {
class Descriptor;
}

namespace tilts::rpc {

// Every method this process serves, by its full name "tilts.intake.v1.IntakeService/ReportConcern". Check() refuses to
// start when a service has a method that is not bound, lacks the (tilts.options.v1.access) option, or was bound with
// other messages than the contract names. Filled in Wire, read-only afterwards.
class MethodTable {
 public:
  using Bytes = std::string;
  using Handler = std::function<void(const CallContext&, std::string_view request, RawReplier)>;

  struct Method {
    std::string name;
    const google::protobuf::MethodDescriptor* descriptor = nullptr;
    Handler handler;
    // Both sides stream: the handler is called for each message of the caller.
    bool streams = false;
  };

  MethodTable();
  ~MethodTable();

  // The handler runs on the executor and may block until the call's deadline.
  //   methods.Bind<ReportConcernRequest, ReportConcernResponse>("tilts.intake.v1.IntakeService/ReportConcern",
  //       [&](const rpc::CallContext& call, const ReportConcernRequest& request) { return app.Report(call, request);
  //       });
  template <typename Request, typename Response>
  void Bind(std::string name, std::function<core::Result<Response>(const CallContext&, const Request&)> handler) {
    BindDeferred<Request, Response>(
        std::move(name),
        [handler = std::move(handler)](const CallContext& call, const Request& request, Replier<Response> reply) {
          reply.Send(handler(call, request));
        });
  }

  // For answers that come later (long poll): keep the replier, give the thread back. A replier that is dropped answers
  // kInternal; one that is kept past the deadline answers kTimeout by itself.
  template <typename Request, typename Response>
  void BindDeferred(std::string name,
                    std::function<void(const CallContext&, const Request&, Replier<Response>)> handler) {
    Add(std::move(name), Request::descriptor(), Response::descriptor(), Shape::kUnary,
        Reading<Request, Response>(std::move(handler)));
  }

  // For a method that streams both ways: every message of the caller is a call of its own, with its own admission,
  // deadline, audit record and span, and is answered by one message, in the order they were sent. Up to
  // ServerOptions::stream_messages_at_once are worked on side by side. An error ends the stream after the answers
  // before it: what was not answered is to be sent again.
  template <typename Request, typename Response>
  void BindStream(std::string name, std::function<core::Result<Response>(const CallContext&, const Request&)> handler) {
    Add(std::move(name), Request::descriptor(), Response::descriptor(), Shape::kStream,
        Reading<Request, Response>(
            [handler = std::move(handler)](const CallContext& call, const Request& request, Replier<Response> reply) {
              reply.Send(handler(call, request));
            }));
  }

  // Bytes in, bytes out: for what serves a method without knowing its messages (a stand-in of a test), streamed or not.
  void BindRaw(std::string name, Handler handler);

  // Null when unknown. `path` may start with a slash, as gRPC writes it.
  const Method* Find(std::string_view path) const;
  std::vector<const Method*> All() const;
  core::Status Check() const;

 private:
  enum class Shape { kUnary, kStream };

  template <typename Request, typename Response>
  static Handler Reading(std::function<void(const CallContext&, const Request&, Replier<Response>)> handler) {
    return [handler = std::move(handler)](const CallContext& call, std::string_view bytes, RawReplier raw) {
      Request request;
      if (auto parsed = ParseRequest(bytes, request); !parsed) return raw.Send(tl::make_unexpected(parsed.error()));
      handler(call, request, Replier<Response>(std::move(raw)));
    };
  }

  void Add(std::string name, const google::protobuf::Descriptor* request, const google::protobuf::Descriptor* response,
           Shape shape, Handler handler);
  static core::Status ParseRequest(std::string_view bytes, google::protobuf::Message& request);

  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace tilts::rpc
