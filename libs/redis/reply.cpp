#include <hiredis/hiredis.h>

#include <charconv>

#include "redis/reply_parse.hpp"

namespace tilts::redis {
namespace {

tl::unexpected<core::Error> OtherKind(const char* wanted) {
  return core::Fail(core::Errc::kCorrupt, std::string("Redis answered with something that is not ") + wanted,
                    "REDIS_REPLY");
}

// The first word names the kind ("WRONGTYPE"); the rest may quote arguments.
core::Error FromErrorReply(std::string_view text) {
  std::string word(text.substr(0, text.find(' ')));
  if (word == "OOM") return {core::Errc::kOverloaded, "Redis is out of memory", std::move(word), {}, 0};
  if (word == "LOADING" || word == "READONLY" || word == "MASTERDOWN" || word == "CLUSTERDOWN" || word == "BUSY") {
    return {core::Errc::kUnavailable, "Redis is not ready: try again", std::move(word), {}, 0};
  }
  if (word == "NOAUTH" || word == "WRONGPASS" || word == "NOPERM") {
    return {core::Errc::kDenied, "Redis refuses this role: check user and password", std::move(word), {}, 0};
  }
  return {core::Errc::kInternal, "a Redis command failed", std::move(word), {}, 0};
}

}  // namespace

core::Result<Reply> ParseReply(const redisReply* reply) {
  switch (reply->type) {
    case REDIS_REPLY_NIL: return Reply::Nil();
    case REDIS_REPLY_INTEGER: return Reply::Integer(reply->integer);
    case REDIS_REPLY_STRING: return Reply::Text({reply->str, reply->len});
    case REDIS_REPLY_STATUS: return Reply::OfStatus({reply->str, reply->len});
    case REDIS_REPLY_ERROR: return core::Fail(FromErrorReply({reply->str, reply->len}));
    case REDIS_REPLY_ARRAY: {
      std::vector<Reply> items;
      for (std::size_t i = 0; i < reply->elements; ++i) {
        TILTS_ASSIGN(Reply item, ParseReply(reply->element[i]));
        items.push_back(std::move(item));
      }
      return Reply::Array(std::move(items));
    }
    default: return OtherKind("a known reply");
  }
}

core::Result<std::int64_t> Reply::AsInteger() const {
  if (kind_ == Kind::kInteger) return number_;
  if (kind_ != Kind::kText) return OtherKind("a number");
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), number);
  if (error != std::errc{} || end != text_.data() + text_.size()) return OtherKind("a number");
  return number;
}

core::Result<std::string> Reply::AsText() const {
  if (kind_ != Kind::kText && kind_ != Kind::kStatus) return OtherKind("a text");
  return text_;
}

core::Result<std::optional<std::string>> Reply::AsOptionalText() const {
  if (kind_ == Kind::kNil) return std::nullopt;
  TILTS_ASSIGN(std::string text, AsText());
  return std::optional(std::move(text));
}

core::Result<std::vector<Reply>> Reply::AsArray() const {
  if (kind_ != Kind::kArray) return OtherKind("a list");
  return items_;
}

core::Result<std::vector<std::optional<std::string>>> Reply::AsOptionalTexts() const {
  if (kind_ != Kind::kArray) return OtherKind("a list");
  std::vector<std::optional<std::string>> texts;
  for (const Reply& item : items_) {
    TILTS_ASSIGN(auto text, item.AsOptionalText());
    texts.push_back(std::move(text));
  }
  return texts;
}

}  // namespace tilts::redis
