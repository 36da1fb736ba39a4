#include "service/traces.hpp"

#include <gmock/gmock.h>

#include <mutex>
#include <string>
#include <vector>

#include "http/server.hpp"
#include "metrics/metrics.hpp"

namespace tilts::service {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kTrace[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
constexpr char kParent[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-1111111111111111-01";

// A collector that keeps what it is sent.
class TracesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto server = http::HttpServer::Start({}, [this](http::Request request, http::Responder respond) {
      const std::lock_guard lock(mutex_);
      paths_.push_back(request.path);
      bodies_.push_back(request.body);
      respond({.status = status_});
    });
    ASSERT_TRUE(server.has_value());
    collector_ = *std::move(server);
  }

  TraceOptions Options(double ratio = 1) const {
    return {"http://127.0.0.1:" + std::to_string(collector_->port()), ratio, "audit", "0", "0.1.0"};
  }

  static Span SpanOf(std::string traceparent) {
    return {Span::Kind::kServer,
            "tilts.x.v1.X/Do",
            std::move(traceparent),
            kParent,
            core::ParseRfc3339("2026-03-02T08:30:00Z").value(),
            std::chrono::milliseconds(5),
            "REFUSED",
            true};
  }

  metrics::Registry metrics_;
  std::mutex mutex_;
  std::vector<std::string> paths_;
  std::vector<std::string> bodies_;
  int status_ = 200;
  std::unique_ptr<http::HttpServer> collector_;
};

TEST_F(TracesTest, SendsSpansInOneBatchWhenStopped) {
  Traces traces(Options(), metrics_);
  traces.Record(SpanOf(kTrace));
  traces.Record(SpanOf(kTrace));
  traces.Stop();
  ASSERT_THAT(bodies_, SizeIs(1));
  EXPECT_EQ(paths_[0], "/v1/traces");
  EXPECT_THAT(bodies_[0],
              HasSubstr(R"("traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7",)"
                        R"("parentSpanId":"1111111111111111","name":"tilts.x.v1.X/Do","kind":2,)"
                        R"("startTimeUnixNano":"1772440200000000000","endTimeUnixNano":"1772440200005000000")"));
  EXPECT_THAT(bodies_[0], HasSubstr(R"("status":{"code":2})"));
  EXPECT_THAT(bodies_[0], HasSubstr(R"({"key":"service.name","value":{"stringValue":"audit"}})"));
  EXPECT_THAT(metrics_.Expose(), HasSubstr("tilts_trace_spans_total{outcome=\"sent\"} 2"));
}

TEST_F(TracesTest, LeavesOutWhatIsNotSampled) {
  Traces traces(Options(0), metrics_);
  traces.Record(SpanOf(kTrace));
  traces.Stop();
  Traces all(Options(1), metrics_);
  all.Record(SpanOf("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"));
  all.Record(SpanOf("nonsense"));
  all.Stop();
  EXPECT_THAT(bodies_, SizeIs(0));
}

TEST_F(TracesTest, CountsWhatTheCollectorDoesNotTake) {
  status_ = 503;
  Traces traces(Options(), metrics_);
  traces.Record(SpanOf(kTrace));
  traces.Stop();
  EXPECT_THAT(metrics_.Expose(), HasSubstr("tilts_trace_spans_total{outcome=\"dropped\"} 1"));
}

TEST_F(TracesTest, DoesNothingWithoutACollector) {
  Traces traces({}, metrics_);
  EXPECT_FALSE(traces.exporting());
  traces.Record(SpanOf(kTrace));
  traces.Stop();
  EXPECT_THAT(metrics_.Expose(), Not(HasSubstr("tilts_trace_spans")));
}

}  // namespace
}  // namespace tilts::service
