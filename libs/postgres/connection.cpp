#include <absl/strings/str_cat.h>
#include <sys/socket.h>

#include <chrono>
#include <pqxx/pqxx>

#include "postgres/connection_pool.hpp"
#include "postgres/sql_error.hpp"

namespace tilts::postgres {
namespace {

using std::chrono::milliseconds;

std::int64_t SteadyMilliseconds() {
  return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// A conninfo value: quotes and backslashes escaped.
std::string Quoted(std::string_view value) {
  std::string quoted = "'";
  for (const char letter : value) {
    if (letter == '\'' || letter == '\\') quoted += '\\';
    quoted += letter;
  }
  return quoted + "'";
}

bool IsPlainName(std::string_view name) {
  if (name.empty()) return true;
  for (const char letter : name) {
    const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_';
    if (!plain) return false;
  }
  return name.front() < '0' || name.front() > '9';
}

std::string ConnectionText(const DatabaseOptions& options) {
  const auto seconds = std::max<std::int64_t>(2, (options.connect_limit.count() + 999) / 1000);
  std::string settings = absl::StrCat(
      "-c statement_timeout=", options.statement_limit.count(), " -c lock_timeout=", options.statement_limit.count(),
      " -c idle_in_transaction_session_timeout=", options.idle_in_transaction_limit.count(),
      " -c timezone=UTC -c datestyle=ISO -c bytea_output=hex -c client_min_messages=warning");
  if (!options.schema.empty()) absl::StrAppend(&settings, " -c search_path=", options.schema);
  return absl::StrCat("host=", Quoted(options.host), " port=", options.port, " dbname=", Quoted(options.database),
                      " user=", Quoted(options.user), " password=", Quoted(options.password),
                      " application_name=", Quoted(options.application_name), " connect_timeout=", seconds,
                      " client_encoding=UTF8 keepalives_idle=5 keepalives_interval=2 keepalives_count=3",
                      " tcp_user_timeout=15000 options=", Quoted(settings));
}

Rows ToRows(pqxx::result result) {
  const auto size = static_cast<std::size_t>(result.size());
  const auto affected = static_cast<std::size_t>(result.affected_rows());
  return Rows(std::make_shared<pqxx::result>(std::move(result)), size, affected);
}

}  // namespace

struct Connection::Parts {
  explicit Parts(const std::string& text) : connection(text), quiet(connection) {}
  pqxx::connection connection;
  pqxx::quiet_errorhandler quiet;  // server notices may hold values: nothing is printed
  milliseconds limit{0};
  bool lost = false;
};

core::Result<std::unique_ptr<Connection>> Connection::Open(const DatabaseOptions& options) {
  if (!IsPlainName(options.schema)) {
    return core::Fail(core::Errc::kInvalid, "a schema name is lower-case letters, digits and _", "SCHEMA_NAME");
  }
  try {
    auto parts = std::make_unique<Parts>(ConnectionText(options));
    parts->limit = options.statement_limit;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    // A connection that comes back by itself in the middle of a transaction would lose the first half.
    parts->connection.inhibit_reactivation(true);
#pragma GCC diagnostic pop
    return std::unique_ptr<Connection>(new Connection(std::move(parts)));
  } catch (const std::exception&) {
    // The library's text repeats host, user and database; none of it is needed to act.
    return core::Fail(core::Errc::kUnavailable, "cannot connect to the database: check address and role",
                      kConnectionLost);
  }
}

Connection::Connection(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Connection::~Connection() = default;

template <typename Call>
core::Result<Rows> Connection::Guard(Call call) {
  if (parts_->lost) return core::Fail(ConnectionLost());
  deadline_ = SteadyMilliseconds() + parts_->limit.count() + 2'000;
  struct Done {
    std::atomic<std::int64_t>& deadline;
    ~Done() { deadline = 0; }
  } done{deadline_};
  try {
    pqxx::nontransaction session(parts_->connection);
    return ToRows(call(session));
  } catch (const pqxx::broken_connection&) {
    parts_->lost = true;
    return core::Fail(ConnectionLost());
  } catch (const pqxx::sql_error& error) {
    parts_->lost = !parts_->connection.is_open();
    return core::Fail(FromSqlState(error.sqlstate(), error.what()));
  } catch (const pqxx::deadlock_detected&) {
    return core::Fail(FromSqlState("40P01", {}));
  } catch (const pqxx::transaction_rollback&) {
    // Serialization failures; in this version of the library they are no sql_error.
    return core::Fail(FromSqlState("40001", {}));
  } catch (const std::exception&) {
    parts_->lost = true;
    return core::Fail(ConnectionLost());
  }
}

core::Result<Rows> Connection::Exec(std::string_view sql, const Params& params) {
  std::vector<const char*> texts;
  texts.reserve(params.size());
  for (const Param& param : params) {
    const auto& text = param.text();
    // The client library would silently cut a text at its first zero byte.
    if (text && text->find('\0') != std::string::npos) {
      return core::Fail(core::Errc::kInvalid, "text must not contain a zero byte", "TEXT_ZERO_BYTE");
    }
    texts.push_back(text ? text->c_str() : nullptr);
  }
  return Guard([&](pqxx::nontransaction& session) {
    return session.exec_params(std::string(sql), pqxx::prepare::make_dynamic_params(texts));
  });
}

core::Result<Rows> Connection::Script(std::string_view sql) {
  return Guard([&](pqxx::nontransaction& session) { return session.exec(std::string(sql)); });
}

bool Connection::usable() const {
  return !parts_->lost && parts_->connection.is_open();
}

void Connection::InterruptIfOverdue() {
  const std::int64_t deadline = deadline_;
  if (deadline != 0 && SteadyMilliseconds() > deadline) ::shutdown(parts_->connection.sock(), SHUT_RDWR);
}

}  // namespace tilts::postgres
