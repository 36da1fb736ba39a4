#include "private_redis.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>

#include "testing/wait_for.hpp"

namespace tilts::risk_scoring {
namespace {

int FreePort() {
  const int handle = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const raw = reinterpret_cast<sockaddr*>(&address);
  EXPECT_EQ(bind(handle, raw, size), 0);
  EXPECT_EQ(getsockname(handle, raw, &size), 0);
  close(handle);
  return ntohs(address.sin_port);
}

}  // namespace

PrivateRedis::PrivateRedis(std::string folder) : folder_(std::move(folder)), port_(FreePort()) {
  std::filesystem::create_directories(folder_);
  Start();
}

PrivateRedis::~PrivateRedis() {
  Kill();
  std::error_code none;
  std::filesystem::remove_all(folder_, none);
}

redis::RedisOptions PrivateRedis::options() const {
  redis::RedisOptions options;
  options.port = port_;
  options.command_limit = std::chrono::seconds(5);
  return options;
}

void PrivateRedis::Start() {
  const std::string port = std::to_string(port_);
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that dies leaves no server behind
    execlp("redis-server", "redis-server", "--port", port.c_str(), "--bind", "127.0.0.1", "--dir", folder_.c_str(),
           "--save", "", "--appendonly", "no", "--logfile", "redis.log", nullptr);
    _exit(3);
  }
  redis::Redis client(options());
  ASSERT_TRUE(testing::WaitFor([&] { return client.Ping().has_value(); }, std::chrono::seconds(10)));
}

void PrivateRedis::Kill() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

void PrivateRedis::KeepSnapshot() {
  redis::Redis client(options());
  ASSERT_TRUE(client.Command({"SAVE"}).has_value());
  std::filesystem::copy_file(folder_ + "/dump.rdb", folder_ + "/kept.rdb",
                             std::filesystem::copy_options::overwrite_existing);
}

void PrivateRedis::RestartWithKeptSnapshot() {
  Kill();
  std::filesystem::copy_file(folder_ + "/kept.rdb", folder_ + "/dump.rdb",
                             std::filesystem::copy_options::overwrite_existing);
  Start();
}

}  // namespace tilts::risk_scoring
