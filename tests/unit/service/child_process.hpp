#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <string>
#include <vector>

namespace tilts::service {

// Runs service_test_process and reads what it writes.
class ChildProcess {
 public:
  ChildProcess(const std::string& behaviour, const std::string& config, std::vector<std::string> more = {}) {
    const std::string file = ::testing::TempDir() + "service_test_" + behaviour + std::to_string(::getpid()) + ".json";
    std::ofstream(file) << config;
    std::vector<std::string> words{TILTS_BINARY_DIR "/tests/service_test_process", behaviour, "--config", file};
    words.insert(words.end(), more.begin(), more.end());
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    ::posix_spawn(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    output_fd_ = ends[0];
  }
  ~ChildProcess() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    ::close(output_fd_);
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Reads until `text` was written; false at the end of output or after ten seconds.
  bool WaitFor(const std::string& text) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (output_.find(text) == std::string::npos) {
      if (std::chrono::steady_clock::now() > limit || !ReadMore()) return false;
    }
    return true;
  }

  int PortAfter(const std::string& key) const {
    const std::size_t at = output_.find("\"" + key + "\":");
    return at == std::string::npos ? 0 : std::stoi(output_.substr(at + key.size() + 3));
  }

  void Terminate() const { ::kill(pid_, SIGTERM); }

  // Reads to the end; the exit code, or -1 when a signal ended it.
  int Wait() {
    while (ReadMore()) continue;
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  const std::string& output() const { return output_; }

 private:
  bool ReadMore() {
    pollfd waiting{output_fd_, POLLIN, 0};
    if (::poll(&waiting, 1, 15'000) <= 0) return false;
    char buffer[4096];
    const ssize_t count = ::read(output_fd_, buffer, sizeof(buffer));
    if (count <= 0) return false;
    output_.append(buffer, static_cast<std::size_t>(count));
    return true;
  }

  pid_t pid_ = -1;
  int output_fd_ = -1;
  std::string output_;
};

}  // namespace tilts::service
