#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "core/clock.hpp"

namespace tilts::log {

enum class Level { kDebug, kInfo, kWarning, kError };

// "debug", "info", "warning", "error"; anything else is kInfo (libs/config has refused it already).
Level ParseLevel(std::string_view name);

// A literal, so that no variable text slips into the message: what varies goes into fields.
class Message {
 public:
  template <std::size_t kSize>
  consteval Message(const char (&text)[kSize]) : text_(text, kSize - 1) {}  // NOLINT(google-explicit-constructor)
  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

// {"partition", 3}, {"topic", topic}: ids, codes, counts, states. Never names, codes of persons or free text.
struct Field {
  std::string_view key;
  std::variant<std::string_view, std::int64_t, double, bool> value;

  Field(std::string_view field_key, std::string_view text) : key(field_key), value(text) {}
  Field(std::string_view field_key, const std::string& text) : key(field_key), value(std::string_view(text)) {}
  Field(std::string_view field_key, const char* text) : key(field_key), value(std::string_view(text)) {}
  Field(std::string_view field_key, bool flag) : key(field_key), value(flag) {}
  Field(std::string_view field_key, double number) : key(field_key), value(number) {}
  template <std::integral T>
  Field(std::string_view field_key, T number) : key(field_key), value(static_cast<std::int64_t>(number)) {}
};

using Fields = std::initializer_list<Field>;

// One JSON line a record: ts, level, service, instance, msg, event_id, correlation_id, trace_id, then the fields.
// Safe from any thread; each line is one write.
class Logger {
 public:
  using Sink = std::function<void(std::string_view line)>;

  // Without a sink: standard error. The clock must outlive the logger.
  Logger(const std::string& service, const std::string& instance, Level level, const core::MachineClock& clock,
         Sink sink = {});
  ~Logger();
  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;

  void Debug(Message message, Fields fields = {}) const { Write(Level::kDebug, message, fields); }
  void Info(Message message, Fields fields = {}) const { Write(Level::kInfo, message, fields); }
  void Warning(Message message, Fields fields = {}) const { Write(Level::kWarning, message, fields); }
  void Error(Message message, Fields fields = {}) const { Write(Level::kError, message, fields); }
  void Write(Level level, Message message, Fields fields) const;
  bool enabled(Level level) const { return level >= level_; }

 private:
  const std::string head_;
  const Level level_;
  const core::MachineClock& clock_;
  const Sink sink_;
};

// A logger that drops everything, for tests.
const Logger& Silent();

// What this thread works on; its ids are put on every line until the scope ends. Scopes nest. The views must outlive
// it.
struct Context {
  std::string_view event_id{};
  std::string_view correlation_id{};
  std::string_view trace_id{};
  std::string_view call_id{};
};

class Scope {
 public:
  explicit Scope(Context context);
  ~Scope();
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

 private:
  Context before_;
};

}  // namespace tilts::log
