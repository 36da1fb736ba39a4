#include "redis/redis.hpp"

#include <hiredis/hiredis.h>

#include <condition_variable>
#include <map>
#include <mutex>

#include "redis/reply_parse.hpp"

namespace tilts::redis {
namespace {

struct FreeContext {
  void operator()(redisContext* context) const { redisFree(context); }
};
struct FreeReply {
  void operator()(void* reply) const { freeReplyObject(reply); }
};
using Context = std::unique_ptr<redisContext, FreeContext>;
using RawReply = std::unique_ptr<void, FreeReply>;

timeval ToTimeval(std::chrono::milliseconds time) {
  return {static_cast<time_t>(time.count() / 1000), static_cast<suseconds_t>(time.count() % 1000 * 1000)};
}

core::Error LostConnection(const redisContext* context) {
  // A receive timeout shows as an I/O error with EAGAIN.
  const bool timeout = context != nullptr && context->err == REDIS_ERR_IO && errno == EAGAIN;
  if (timeout) return {core::Errc::kTimeout, "Redis did not answer in time: the outcome is not known", "REDIS", {}, 0};
  return {core::Errc::kUnavailable, "the connection to Redis was lost: try again", "REDIS", {}, 0};
}

void Append(redisContext* context, const Arguments& arguments) {
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  for (const std::string& argument : arguments) {
    texts.push_back(argument.data());
    sizes.push_back(argument.size());
  }
  redisAppendCommandArgv(context, static_cast<int>(texts.size()), texts.data(), sizes.data());
}

}  // namespace

struct Redis::Pool {
  RedisOptions options;
  std::mutex mutex;  // guards idle, open and scripts
  std::condition_variable returned;
  std::vector<Context> idle;
  int open = 0;
  std::map<std::string, std::string, std::less<>> scripts;  // source to SHA-1, as the server named it

  core::Result<Context> Open() const {
    Context context(redisConnectWithTimeout(options.host.c_str(), options.port, ToTimeval(options.connect_limit)));
    if (!context || context->err) return core::Fail(LostConnection(nullptr));
    if (redisSetTimeout(context.get(), ToTimeval(options.command_limit)) != REDIS_OK) {
      return core::Fail(LostConnection(nullptr));
    }
    std::vector<Arguments> greeting;
    if (!options.password.empty()) {
      greeting.push_back(options.user.empty() ? Arguments{"AUTH", options.password}
                                              : Arguments{"AUTH", options.user, options.password});
    }
    if (options.database != 0) greeting.push_back({"SELECT", std::to_string(options.database)});
    TILTS_ASSIGN(const auto answers, Exchange(*context, greeting));
    for (const auto& answer : answers) {
      if (!answer) return core::Fail(answer.error());
    }
    return context;
  }

  core::Result<Context> Take() {
    {
      std::unique_lock lock(mutex);
      if (!returned.wait_for(lock, options.pool_wait, [&] { return !idle.empty() || open < options.connections; })) {
        return core::Fail(core::Errc::kOverloaded, "all Redis connections are busy: try again", "REDIS_POOL");
      }
      if (!idle.empty()) {
        Context context = std::move(idle.back());
        idle.pop_back();
        return context;
      }
      ++open;
    }
    auto context = Open();
    if (!context) GiveBack(nullptr);
    return context;
  }

  // A context with an error stays dead for ever; it is not kept.
  void GiveBack(Context context) {
    const std::lock_guard lock(mutex);
    if (context && !context->err) {
      idle.push_back(std::move(context));
    } else {
      --open;
    }
    returned.notify_one();
  }

  void DropIdle() {
    const std::lock_guard lock(mutex);
    open -= static_cast<int>(idle.size());
    idle.clear();
    returned.notify_all();
  }

  static core::Result<std::vector<core::Result<Reply>>> Exchange(redisContext& context,
                                                                 const std::vector<Arguments>& commands) {
    for (const Arguments& command : commands) Append(&context, command);
    std::vector<core::Result<Reply>> answers;
    for (std::size_t i = 0; i < commands.size(); ++i) {
      void* raw = nullptr;
      errno = 0;
      if (redisGetReply(&context, &raw) != REDIS_OK || raw == nullptr) return core::Fail(LostConnection(&context));
      const RawReply reply(raw);
      answers.push_back(ParseReply(static_cast<const redisReply*>(raw)));
    }
    return answers;
  }

  core::Result<std::vector<core::Result<Reply>>> Send(const std::vector<Arguments>& commands) {
    TILTS_ASSIGN(Context context, Take());
    auto answers = Exchange(*context, commands);
    const bool lost = context->err != 0;
    GiveBack(std::move(context));
    // A restarted server has closed the other idle connections too.
    if (lost) DropIdle();
    return answers;
  }

  core::Result<Reply> SendOne(const Arguments& arguments) {
    TILTS_ASSIGN(auto answers, Send({arguments}));
    return std::move(answers.front());
  }

  core::Result<std::string> Load(const Script& script, bool again) {
    if (!again) {
      const std::lock_guard lock(mutex);
      if (const auto found = scripts.find(script.source()); found != scripts.end()) return found->second;
    }
    TILTS_ASSIGN(const Reply reply, SendOne({"SCRIPT", "LOAD", script.source()}));
    TILTS_ASSIGN(std::string digest, reply.AsText());
    const std::lock_guard lock(mutex);
    scripts[script.source()] = digest;
    return digest;
  }
};

Redis::Redis(RedisOptions options) : pool_(std::make_unique<Pool>()) {
  pool_->options = std::move(options);
}
Redis::~Redis() = default;

core::Result<Reply> Redis::Command(const Arguments& arguments) {
  if (arguments.empty()) return core::Fail(core::Errc::kInternal, "a command needs a name", "REDIS_COMMAND");
  return pool_->SendOne(arguments);
}

core::Result<std::vector<core::Result<Reply>>> Redis::Pipeline(const std::vector<Arguments>& commands) {
  for (const Arguments& command : commands) {
    if (command.empty()) return core::Fail(core::Errc::kInternal, "a command needs a name", "REDIS_COMMAND");
  }
  return pool_->Send(commands);
}

core::Result<Reply> Redis::Run(const Script& script, const std::vector<std::string>& keys, const Arguments& arguments) {
  TILTS_ASSIGN(std::string digest, pool_->Load(script, false));
  Arguments command = {"EVALSHA", digest, std::to_string(keys.size())};
  command.insert(command.end(), keys.begin(), keys.end());
  command.insert(command.end(), arguments.begin(), arguments.end());
  auto reply = pool_->SendOne(command);
  if (reply || reply.error().reason != "NOSCRIPT") return reply;
  TILTS_ASSIGN(command[1], pool_->Load(script, true));
  return pool_->SendOne(command);
}

core::Status Redis::Ping() {
  auto answer = Command({"PING"});
  if (!answer) answer = Command({"PING"});
  if (!answer) return core::Fail(std::move(answer).error());
  return {};
}

}  // namespace tilts::redis
