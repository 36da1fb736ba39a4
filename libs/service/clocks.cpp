#include "service/clocks.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <bit>
#include <cstdint>

#include "core/concat.hpp"

namespace tilts::service {
namespace {

static_assert(std::endian::native == std::endian::little, "the clock file is little endian");
static_assert(std::atomic<std::int64_t>::is_always_lock_free);

core::CityTime SystemNow() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

class SystemMachineClock final : public core::MachineClock {
 public:
  core::CityTime Now() const override { return SystemNow(); }
};

class SystemCityClock final : public core::CityClock {
 public:
  core::CityTime Now() const override { return SystemNow(); }
};

class FileCityClock final : public core::CityClock {
 public:
  explicit FileCityClock(void* mapped) : mapped_(mapped) {}
  ~FileCityClock() override { ::munmap(mapped_, sizeof(std::int64_t)); }
  FileCityClock(const FileCityClock&) = delete;
  FileCityClock& operator=(const FileCityClock&) = delete;

  core::CityTime Now() const override {
    // The simulator writes the eight bytes in one store; they are read in one load.
    const std::atomic_ref<std::int64_t> value(*static_cast<std::int64_t*>(mapped_));
    return core::CityTime(std::chrono::microseconds(value.load()));
  }

 private:
  void* const mapped_;
};

}  // namespace

std::unique_ptr<core::MachineClock> MakeMachineClock() {
  return std::make_unique<SystemMachineClock>();
}

core::Result<std::unique_ptr<core::CityClock>> MakeCityClock(const std::string& file, const std::string& environment) {
  if (file.empty()) return std::make_unique<SystemCityClock>();
  if (environment != "demo" && environment != "test") {
    return core::Fail(core::Errc::kInvalid, "clock.city_clock_file: only the demo and test environments may use it",
                      "CITY_CLOCK");
  }
  const auto broken = [&](std::string_view what) {
    return core::Fail(core::Errc::kInvalid, core::Concat("clock.city_clock_file: ", file, " ", what), "CITY_CLOCK");
  };
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return broken("cannot be opened");
  struct stat info {};
  void* mapped = MAP_FAILED;
  if (::fstat(descriptor, &info) == 0 && info.st_size == static_cast<off_t>(sizeof(std::int64_t))) {
    // Writable only because an atomic load may ask for it; nothing is written.
    mapped = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  }
  ::close(descriptor);
  if (mapped == MAP_FAILED) return broken("must be a file of exactly eight bytes");
  return std::make_unique<FileCityClock>(mapped);
}

}  // namespace tilts::service
