#include "log/log.hpp"

#include <absl/strings/str_format.h>
#include <unistd.h>

#include <cmath>
#include <utility>

#include "core/concat.hpp"
#include "log/json_text.hpp"

namespace tilts::log {
namespace {

thread_local Context current_context;

std::string_view NameOf(Level level) {
  switch (level) {
    case Level::kDebug: return "debug";
    case Level::kInfo: return "info";
    case Level::kWarning: return "warning";
    case Level::kError: return "error";
  }
  return "error";
}

void AppendText(std::string& line, std::string_view key, std::string_view text) {
  line.push_back(',');
  AppendJsonString(line, key);
  line.push_back(':');
  AppendJsonString(line, text);
}

void AppendContext(std::string& line, const Context& context) {
  if (!context.event_id.empty()) AppendText(line, "event_id", context.event_id);
  if (!context.correlation_id.empty()) AppendText(line, "correlation_id", context.correlation_id);
  if (!context.trace_id.empty()) AppendText(line, "trace_id", context.trace_id);
  if (!context.call_id.empty()) AppendText(line, "call_id", context.call_id);
}

struct FieldWriter {
  std::string& line;
  std::string_view key;

  void operator()(std::string_view text) const { AppendText(line, key, text); }
  void operator()(std::int64_t number) const { Raw(core::Concat(number)); }
  void operator()(double number) const { Raw(std::isfinite(number) ? core::Concat(number) : "null"); }
  void operator()(bool flag) const { Raw(flag ? "true" : "false"); }
  void Raw(std::string_view value) const {
    line.push_back(',');
    AppendJsonString(line, key);
    line.push_back(':');
    line += value;
  }
};

void WriteToStandardError(std::string_view line) {
  while (!line.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
    if (written <= 0) return;  // nowhere left to complain
    line.remove_prefix(static_cast<std::size_t>(written));
  }
}

class ClockOfSilence final : public core::MachineClock {
 public:
  core::CityTime Now() const override { return {}; }
};

}  // namespace

Level ParseLevel(std::string_view name) {
  if (name == "debug") return Level::kDebug;
  if (name == "warning") return Level::kWarning;
  if (name == "error") return Level::kError;
  return Level::kInfo;
}

void AppendJsonString(std::string& line, std::string_view text) {
  line.push_back('"');
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (character == '"' || character == '\\') {
      line.push_back('\\');
      line.push_back(character);
    } else if (byte < 0x20) {
      absl::StrAppendFormat(&line, "\\u%04x", byte);
    } else {
      line.push_back(character);
    }
  }
  line.push_back('"');
}

Logger::Logger(const std::string& service, const std::string& instance, Level level, const core::MachineClock& clock,
               Sink sink)
    : head_([&] {
        std::string head;
        AppendText(head, "service", service);
        AppendText(head, "instance", instance);
        return head;
      }()),
      level_(level),
      clock_(clock),
      sink_(sink ? std::move(sink) : Sink(WriteToStandardError)) {}

Logger::~Logger() = default;

void Logger::Write(Level level, Message message, Fields fields) const {
  if (!enabled(level)) return;
  std::string line;
  line.reserve(256);
  line += core::Concat(R"({"ts":")", core::FormatRfc3339(clock_.Now()), R"(","level":")", NameOf(level), "\"", head_);
  AppendText(line, "msg", message.text());
  AppendContext(line, current_context);
  for (const Field& field : fields) std::visit(FieldWriter{line, field.key}, field.value);
  line += "}\n";
  sink_(line);
}

const Logger& Silent() {
  static const ClockOfSilence clock;
  static const Logger logger("silent", "0", Level::kError, clock, [](std::string_view) {});
  return logger;
}

Scope::Scope(Context context) : before_(std::exchange(current_context, context)) {}

Scope::~Scope() {
  current_context = before_;
}

}  // namespace tilts::log
