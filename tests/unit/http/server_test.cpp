#include "http/server.hpp"

#include <gtest/gtest.h>

#include <future>
#include <mutex>

#include "http/client.hpp"
#include "raw_connection.hpp"

namespace tilts::http {
namespace {

using namespace std::chrono_literals;

std::unique_ptr<HttpServer> StartServer(Handler handler, ServerOptions options = {}) {
  auto server = HttpServer::Start(std::move(options), std::move(handler));
  EXPECT_TRUE(server.has_value());
  return std::move(server).value();
}

Handler Echo() {
  return [](Request request, Responder respond) {
    respond({200, {{"X-Method", request.method}}, request.path + "|" + request.body});
  };
}

// A handler that keeps its responders until the test has decided what becomes of them.
class Held {
 public:
  Handler handler() {
    return [this](Request, Responder respond) {
      const std::lock_guard lock(mutex_);
      arrived_.set_value(std::move(respond));
    };
  }
  Responder Take() { return arrived_.get_future().get(); }

 private:
  std::mutex mutex_;
  std::promise<Responder> arrived_;
};

TEST(HttpServerTest, AnswersSeveralRequestsOnOneConnectionWhenKeptAlive) {
  const auto server = StartServer(Echo());
  const RawConnection connection(server->port());
  connection.Write("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
  EXPECT_NE(connection.ReadUntil("/a|hi").find("200 OK"), std::string::npos);
  connection.Write("GET /b HTTP/1.1\r\nHost: x\r\n\r\nGET /c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string rest = connection.ReadAll();
  EXPECT_NE(rest.find("/b|"), std::string::npos);
  EXPECT_NE(rest.find("/c|"), std::string::npos);
}

TEST(HttpServerTest, SendsLengthAndNoBodyWhenHead) {
  const auto server = StartServer([](Request, Responder respond) { respond({200, {}, "12345"}); });
  const RawConnection connection(server->port());
  connection.Write("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string answer = connection.ReadAll();
  EXPECT_NE(answer.find("Content-Length: 5"), std::string::npos);
  EXPECT_EQ(answer.find("12345"), std::string::npos);
}

TEST(HttpServerTest, AnswersOthersWhenOneResponderIsHeld) {
  Held held;
  const auto hold = held.handler();
  const auto server = StartServer(
      [&](Request request, Responder respond) {
        if (request.path == "/hold") return hold(std::move(request), std::move(respond));
        respond({200, {}, "now"});
      },
      {.threads = 1});
  const RawConnection waiting(server->port());
  waiting.Write("GET /hold HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  Responder respond = held.Take();
  HttpClient client({.allow_private_networks = true});
  EXPECT_EQ(client.SendAndWait({.url = "http://127.0.0.1:" + std::to_string(server->port()) + "/"})->body, "now");
  respond({200, {}, "late"});
  EXPECT_NE(waiting.ReadAll().find("late"), std::string::npos);
}

TEST(HttpServerTest, Answers500WhenResponderIsDroppedOrHandlerThrows) {
  const auto server = StartServer([](Request request, Responder) {
    if (request.path == "/throw") throw std::runtime_error("broken");
  });
  for (const char* path : {"/drop", "/throw"}) {
    const RawConnection connection(server->port());
    connection.Write("GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(connection.ReadAll().rfind("HTTP/1.1 500", 0), 0U) << path;
  }
}

TEST(HttpServerTest, Answers500WhenHeaderWouldBreakItsLine) {
  const auto server = StartServer([](Request, Responder respond) { respond({200, {{"X-A", "a\r\nX-B: c"}}, ""}); });
  const RawConnection connection(server->port());
  connection.Write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(connection.ReadAll().rfind("HTTP/1.1 500", 0), 0U);
}

struct Refusal {
  std::string request;
  std::string status;
};
class RefusedRequestTest : public ::testing::TestWithParam<Refusal> {};

TEST_P(RefusedRequestTest, IsAnsweredAndClosed) {
  const auto server = StartServer(Echo(), {.max_body_bytes = 100, .max_header_bytes = 1024});
  const RawConnection connection(server->port());
  connection.Write(GetParam().request);
  const std::string answer = connection.ReadAll();
  EXPECT_EQ(answer.rfind("HTTP/1.1 " + GetParam().status, 0), 0U) << answer;
}

INSTANTIATE_TEST_SUITE_P(
    Requests, RefusedRequestTest,
    ::testing::Values(Refusal{"nonsense\r\n\r\n", "400"}, Refusal{"GET / HTTP/9.9\r\n\r\n", "400"},
                      Refusal{"GET /?a=%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "400"},
                      Refusal{"POST / HTTP/1.1\r\nContent-Length: 2x\r\n\r\n", "400"},
                      Refusal{"POST / HTTP/1.1\r\nContent-Length: 101\r\n\r\n", "413"},
                      Refusal{"POST / HTTP/1.1\r\nContent-Length: 100000\r\n\r\n" + std::string(100000, 'x'), "413"},
                      Refusal{"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n80\r\n" + std::string(128, 'x'),
                              "413"},
                      Refusal{"GET / HTTP/1.1\r\nX-Long: " + std::string(2000, 'x') + "\r\n\r\n", "431"}));

TEST(HttpServerTest, ClosesConnectionWhenRequestDripsIn) {
  const auto server = StartServer(Echo(), {.read_timeout = 100ms});
  const RawConnection header(server->port());
  header.Write("GET / HT");
  EXPECT_EQ(header.ReadAll(), "");
  const RawConnection body(server->port());
  body.Write("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_EQ(body.ReadAll(), "");
}

TEST(HttpServerTest, ClosesConnectionWhenIdle) {
  const auto server = StartServer(Echo(), {.idle_timeout = 50ms});
  const RawConnection connection(server->port());
  EXPECT_EQ(connection.ReadAll(), "");
}

TEST(HttpServerTest, Answers503WhenTooManyConnections) {
  Held held;
  const auto server = StartServer(held.handler(), {.max_connections = 1});
  const RawConnection first(server->port());
  first.Write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  Responder respond = held.Take();
  const RawConnection second(server->port());
  second.Write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(second.ReadAll().rfind("HTTP/1.1 503", 0), 0U);
  respond({200, {}, "served"});
  EXPECT_NE(first.ReadAll().find("served"), std::string::npos);
}

TEST(HttpServerTest, HonoursExpectContinue) {
  const auto server = StartServer(Echo());
  const RawConnection connection(server->port());
  connection.Write("POST /e HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(connection.ReadUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  connection.Write("ok");
  EXPECT_NE(connection.ReadAll().find("/e|ok"), std::string::npos);
}

TEST(HttpServerTest, FinishesRequestInFlightWhenStopped) {
  Held held;
  const auto server = StartServer(held.handler());
  const RawConnection idle(server->port());
  const RawConnection connection(server->port());
  connection.Write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  Responder respond = held.Take();
  auto stopped = std::async(std::launch::async, [&] { return server->Stop(10s); });
  EXPECT_EQ(idle.ReadAll(), "");  // closed by the drain, so the server is stopping now
  respond({200, {}, "finished"});
  const std::string answer = connection.ReadAll();
  EXPECT_NE(answer.find("finished"), std::string::npos);
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  EXPECT_TRUE(stopped.get().has_value());
}

TEST(HttpServerTest, CutsRequestInFlightWhenStopLimitPasses) {
  Held held;
  const auto server = StartServer(held.handler());
  const RawConnection connection(server->port());
  connection.Write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  Responder respond = held.Take();
  const auto stopped = server->Stop(20ms);
  ASSERT_FALSE(stopped.has_value());
  EXPECT_EQ(stopped.error().code, core::Errc::kTimeout);
  EXPECT_EQ(connection.ReadAll(), "");
  respond({200, {}, "too late"});
}

TEST(HttpServerTest, FailsToStartWhenPortIsTaken) {
  const auto server = StartServer(Echo());
  const auto second = HttpServer::Start({.port = server->port()}, Echo());
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, core::Errc::kUnavailable);
}

}  // namespace
}  // namespace tilts::http
