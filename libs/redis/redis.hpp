#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace tilts::redis {

struct RedisOptions {
  std::string host = "127.0.0.1";
  int port = 6379;
  std::string user;
  std::string password;
  int database = 0;
  int connections = 8;
  std::chrono::milliseconds connect_limit{1'000};
  std::chrono::milliseconds command_limit{1'000};
  std::chrono::milliseconds pool_wait{500};  // then kOverloaded
};

// A reply as a value; bulk strings are binary-safe.
class Reply {
 public:
  enum class Kind { kNil, kInteger, kText, kStatus, kArray };

  static Reply Nil() { return Reply(Kind::kNil, 0, {}, {}); }
  static Reply Integer(std::int64_t number) { return Reply(Kind::kInteger, number, {}, {}); }
  static Reply Text(std::string text) { return Reply(Kind::kText, 0, std::move(text), {}); }
  static Reply OfStatus(std::string text) { return Reply(Kind::kStatus, 0, std::move(text), {}); }
  static Reply Array(std::vector<Reply> items) { return Reply(Kind::kArray, 0, {}, std::move(items)); }

  Kind kind() const { return kind_; }
  bool nil() const { return kind_ == Kind::kNil; }

  // kCorrupt with reason REDIS_REPLY when the reply is of another kind.
  core::Result<std::int64_t> AsInteger() const;  // also text that is a whole number
  core::Result<std::string> AsText() const;
  core::Result<std::optional<std::string>> AsOptionalText() const;  // nil: nothing
  core::Result<std::vector<Reply>> AsArray() const;
  core::Result<std::vector<std::optional<std::string>>> AsOptionalTexts() const;

 private:
  Reply(Kind kind, std::int64_t number, std::string text, std::vector<Reply> items)
      : kind_(kind), number_(number), text_(std::move(text)), items_(std::move(items)) {}
  Kind kind_;
  std::int64_t number_;
  std::string text_;
  std::vector<Reply> items_;
};

using Arguments = std::vector<std::string>;

// A Lua script; sent by its SHA-1, loaded again when the server has forgotten it.
class Script {
 public:
  explicit Script(std::string source) : source_(std::move(source)) {}
  const std::string& source() const { return source_; }

 private:
  std::string source_;
};

// A bounded pool of connections. A connection that failed or timed out is thrown away; a timed-out command may still
// have run, so every write must be repeatable. Thread-safe; the constructor connects to nothing.
//   kUnavailable  no connection, connection lost, server loading or read-only
//   kTimeout      no answer within the limit; outcome unknown
//   kOverloaded   no free connection, or the server is out of memory (noeviction)
//   kInternal     an error reply; `reason` is its first word ("WRONGTYPE")
class Redis {
 public:
  explicit Redis(RedisOptions options);
  ~Redis();
  Redis(const Redis&) = delete;
  Redis& operator=(const Redis&) = delete;

  core::Result<Reply> Command(const Arguments& arguments);
  // One round trip; a failing command gives an error in its place, a lost connection one for all.
  core::Result<std::vector<core::Result<Reply>>> Pipeline(const std::vector<Arguments>& commands);
  core::Result<Reply> Run(const Script& script, const std::vector<std::string>& keys, const Arguments& arguments);
  core::Status Ping();

 private:
  struct Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace tilts::redis
