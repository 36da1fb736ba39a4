#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "tiltsctl/app/session.hpp"

namespace tilts::tiltsctl {

// One line on standard error that is written over, only when that is a terminal. Gone at the end.
class Progress {
 public:
  Progress(Session& session, std::string what) : session_(session), what_(std::move(what)) {}
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void Show(std::uint64_t done, std::uint64_t total);

 private:
  Session& session_;
  const std::string what_;
  std::chrono::steady_clock::time_point next_{};
  bool shown_ = false;
};

}  // namespace tilts::tiltsctl
