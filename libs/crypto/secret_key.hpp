#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"

namespace tilts::crypto {

// A 256-bit key that is wiped from memory when it goes.
class SecretKey {
 public:
  static SecretKey Random();
  static core::Result<SecretKey> FromBytes(std::string_view bytes);  // exactly 32

  SecretKey(const SecretKey&) = default;
  SecretKey(SecretKey&& other) noexcept;
  SecretKey& operator=(SecretKey other) noexcept;
  ~SecretKey();

  std::string_view bytes() const { return bytes_; }

 private:
  explicit SecretKey(std::string bytes) : bytes_(std::move(bytes)) {}

  std::string bytes_;
};

// The key under which everything said about one person is sealed; destroying it erases the person.
using PersonKey = SecretKey;

}  // namespace tilts::crypto
