#include "http/client.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <future>
#include <mutex>

#include "http/server.hpp"

namespace tilts::http {
namespace {

using namespace std::chrono_literals;
using core::Errc;

class HttpClientTest : public ::testing::Test {
 protected:
  // Paths: /echo, /redirect, /big, /hang (never answers).
  HttpClientTest() {
    server_ = HttpServer::Start({.max_connections = 500}, [this](Request request, Responder respond) {
                Answer(std::move(request), std::move(respond));
              }).value();
  }
  ~HttpClientTest() override { std::ignore = server_->Stop(0ms); }

  void Answer(Request request, Responder respond) {
    ++requests_;
    if (request.path == "/redirect") return respond({302, {{"Location", "/echo"}}, ""});
    if (request.path == "/big") return respond({200, {}, std::string(5000, 'x')});
    if (request.path == "/hang") {
      const std::lock_guard lock(mutex_);
      held_.push_back(std::move(respond));
      return;
    }
    respond({201,
             {{"X-Seen", std::string(request.headers.Find("x-id").value_or("none"))}},
             request.method + " " + request.body});
  }

  std::string Url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(server_->port()) + path;
  }

  std::atomic<int> requests_ = 0;
  std::atomic<int> failed_ = 0;
  std::mutex mutex_;
  std::vector<Responder> held_;
  std::unique_ptr<HttpServer> server_;
  HttpClient client_{{.allow_private_networks = true}};
};

TEST_F(HttpClientTest, CarriesMethodHeadersAndBodyWhenSent) {
  for (const std::string method : {"POST", "PUT", "PATCH", "DELETE"}) {
    const auto answer =
        client_.SendAndWait({.method = method, .url = Url("/echo"), .headers = {{"X-Id", "7"}}, .body = "thing"});
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->status, 201);
    EXPECT_EQ(answer->headers.Find("x-seen"), "7");
    EXPECT_EQ(answer->body, method + " thing");
  }
  EXPECT_EQ(client_.SendAndWait({.method = "HEAD", .url = Url("/echo")})->body, "");
}

TEST_F(HttpClientTest, ReturnsRedirectWithoutFollowing) {
  const auto answer = client_.SendAndWait({.url = Url("/redirect")});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 302);
  EXPECT_EQ(requests_, 1);
}

TEST_F(HttpClientTest, FailsOrTruncatesWhenAnswerIsTooLong) {
  const auto refused = client_.SendAndWait({.url = Url("/big"), .max_response_bytes = 100});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Errc::kCorrupt);
  const auto cut = client_.SendAndWait({.url = Url("/big"), .max_response_bytes = 100, .truncate_response = true});
  ASSERT_TRUE(cut.has_value());
  EXPECT_EQ(cut->status, 200);
  EXPECT_TRUE(cut->truncated);
  EXPECT_EQ(cut->body.size(), 100U);
}

TEST_F(HttpClientTest, TimesOutWithoutNamingTheQueryWhenPeerHangs) {
  const auto answer = client_.SendAndWait({.url = Url("/hang?token=secret"), .timeout = 50ms});
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, Errc::kTimeout);
  EXPECT_EQ(answer.error().message.find("secret"), std::string::npos);
  EXPECT_EQ(answer.error().message.find("hang"), std::string::npos);
}

TEST_F(HttpClientTest, ServesOthersWhenHundredsHang) {
  for (int i = 0; i < 300; ++i) {
    client_.Send({.url = Url("/hang"), .timeout = 30s}, [this](const auto& answer) { failed_ += answer ? 0 : 1; });
  }
  const auto answer = client_.SendAndWait({.method = "POST", .url = Url("/echo"), .body = "quick", .timeout = 10s});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->body, "POST quick");
  EXPECT_EQ(failed_, 0);
  std::vector<Responder> held;
  const std::lock_guard lock(mutex_);
  held.swap(held_);
}

TEST_F(HttpClientTest, AnswersWhatIsInFlightWhenDestroyed) {
  std::promise<Errc> code;
  {
    HttpClient client({.allow_private_networks = true});
    client.Send({.url = Url("/hang")}, [&](const auto& answer) { code.set_value(answer.error().code); });
  }
  EXPECT_EQ(code.get_future().get(), Errc::kUnavailable);
}

TEST_F(HttpClientTest, IsOverloadedWhenTooManyInFlight) {
  HttpClient client({.allow_private_networks = true, .max_in_flight = 1});
  client.Send({.url = Url("/hang")}, [](const auto&) {});
  const auto answer = client.SendAndWait({.url = Url("/echo")});
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, Errc::kOverloaded);
}

TEST_F(HttpClientTest, RefusesPrivateAddressWhenNotAllowed) {
  HttpClient client({});
  const std::string port = std::to_string(server_->port());
  for (const std::string host : {"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f000001"}) {
    const auto answer = client.SendAndWait({.url = "http://" + host + ":" + port + "/echo", .timeout = 5s});
    ASSERT_FALSE(answer.has_value()) << host;
    EXPECT_EQ(answer.error().code, Errc::kDenied) << host << " " << answer.error().message;
  }
  EXPECT_EQ(requests_, 0);
}

TEST_F(HttpClientTest, IgnoresProxyFromEnvironment) {
  ASSERT_EQ(setenv("http_proxy", "http://127.0.0.1:1", 1), 0);
  const auto answer = client_.SendAndWait({.method = "POST", .url = Url("/echo")});
  unsetenv("http_proxy");
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 201);
}

TEST_F(HttpClientTest, IsUnavailableWhenNobodyListens) {
  std::ignore = server_->Stop(0ms);
  const auto answer = client_.SendAndWait({.url = Url("/echo?secret=1")});
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, Errc::kUnavailable);
  EXPECT_EQ(answer.error().message.find("secret"), std::string::npos);
}

class BadRequestTest : public ::testing::TestWithParam<HttpRequest> {};
TEST_P(BadRequestTest, IsRefusedAsInvalid) {
  HttpClient client({.allow_private_networks = true});
  const auto answer = client.SendAndWait(GetParam());
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, Errc::kInvalid) << answer.error().message;
}
INSTANTIATE_TEST_SUITE_P(Requests, BadRequestTest,
                         ::testing::Values(HttpRequest{.url = "file:///etc/hostname"}, HttpRequest{.url = ""},
                                           HttpRequest{.url = "ftp://example.org/"}, HttpRequest{.url = "http://"},
                                           HttpRequest{.url = "http://user:word@example.org/"},
                                           HttpRequest{.method = "GET /", .url = "http://example.org/"},
                                           HttpRequest{.url = "http://example.org/",
                                                       .headers = {{"X-A", "a\r\nX-B: c"}}}));

}  // namespace
}  // namespace tilts::http
