#include "risk_scoring/adapters/partition_store.hpp"

#include <charconv>

#include "core/concat.hpp"
#include "events/batch_processor.hpp"

namespace tilts::risk_scoring {
namespace {

using redis::Arguments;
using redis::Reply;
using redis::Script;

// Keys: offset, pupils, control, proposals, letters. Arguments: expected, next, control ("" for none), then for each of
// pupils, proposals, letters: how many arguments are put (names and values by turns), those, how many are taken out,
// those. Lists are handed on in pieces: Lua's stack is bounded.
const Script kWrite(R"(
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
if ARGV[1] == '' then redis.call('DEL', KEYS[2], KEYS[3], KEYS[4], KEYS[5]) end
if ARGV[3] ~= '' then redis.call('SET', KEYS[3], ARGV[3]) end
local at = 4
local function pieces(command, key)
  local last = at + tonumber(ARGV[at])
  for i = at + 1, last, 1000 do redis.call(command, key, unpack(ARGV, i, math.min(i + 999, last))) end
  at = last + 1
end
for _, key in ipairs({KEYS[2], KEYS[4], KEYS[5]}) do
  pieces('HSET', key)
  pieces('HDEL', key)
end
redis.call('SET', KEYS[1], ARGV[2])
return 1)");

// The namespace is the position's second word; keys below the tag are made of it.
constexpr char kSpaceOf[] = R"(
local position = redis.call('GET', KEYS[1])
if not position then return {false} end
local below = ARGV[1] .. string.match(position, ' (.*)$')
)";

const Script kLoad(std::string(kSpaceOf) + R"(
return {position, redis.call('GET', below .. ':control') or '', redis.call('HGETALL', below .. ':pupils'),
        redis.call('HGETALL', below .. ':proposals')})");
const Script kReadPupil(std::string(kSpaceOf) + R"(
return {position, redis.call('GET', below .. ':control') or '', redis.call('HGET', below .. ':pupils', ARGV[2]) or ''})");
const Script kReadProposals(std::string(kSpaceOf) + R"(
return {position, redis.call('HGETALL', below .. ':proposals')})");
const Script kReadLetters(std::string(kSpaceOf) + R"(
return {position, redis.call('HVALS', below .. ':letters')})");
const Script kCountLetters(std::string(kSpaceOf) + R"(
return {position, redis.call('HLEN', below .. ':letters')})");

// Arguments: the namespace in use, the new position.
const Script kSwitch(R"(
local position = redis.call('GET', KEYS[1])
if not position or string.match(position, ' (.*)$') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1)");

std::string TextOf(const StoredPosition& position) {
  return core::Concat(position.next_offset, " ", position.space);
}
std::string TextOf(const std::optional<StoredPosition>& position) {
  return position ? TextOf(*position) : std::string();
}

core::Result<StoredPosition> PositionOf(const std::string& text) {
  StoredPosition position;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), position.next_offset);
  if (error != std::errc() || end == text.data() + text.size() || *end != ' ') {
    return core::Fail(core::Errc::kCorrupt, "the stored position in Redis is not ours: remove it to replay",
                      "STORED_POSITION");
  }
  position.space.assign(end + 1, text.data() + text.size());
  return position;
}

core::Result<std::optional<StoredPosition>> MaybePosition(const Reply& reply) {
  TILTS_ASSIGN(const auto text, reply.AsOptionalText());
  if (!text) return std::nullopt;
  TILTS_ASSIGN(StoredPosition position, PositionOf(*text));
  return std::optional(std::move(position));
}

core::Result<std::vector<std::pair<std::string, std::string>>> PairsOf(const Reply& reply) {
  TILTS_ASSIGN(const std::vector<Reply> items, reply.AsArray());
  std::vector<std::pair<std::string, std::string>> pairs;
  pairs.reserve(items.size() / 2);
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    TILTS_ASSIGN(std::string name, items[i].AsText());
    TILTS_ASSIGN(std::string value, items[i + 1].AsText());
    pairs.emplace_back(std::move(name), std::move(value));
  }
  return pairs;
}

void AddFields(const Changes::Fields& fields, Arguments& arguments) {
  std::size_t put = 0;
  for (const auto& [name, bytes] : fields) put += bytes ? 1 : 0;
  arguments.push_back(std::to_string(2 * put));
  for (const auto& [name, bytes] : fields) {
    if (!bytes) continue;
    arguments.push_back(name);
    arguments.push_back(*bytes);
  }
  arguments.push_back(std::to_string(fields.size() - put));
  for (const auto& [name, bytes] : fields) {
    if (!bytes) arguments.push_back(name);
  }
}

tl::unexpected<core::Error> Fenced() {
  return core::Fail(core::Errc::kConflict, "the partition's stored position is another one: read the store again",
                    events::kOffsetFenced);
}

}  // namespace

std::string PartitionStore::Tag(const events::TopicPartition& at) const {
  return core::Concat("{", group_, ":", at.topic, ":", at.partition, "}:");
}

std::vector<std::string> PartitionStore::Keys(const events::TopicPartition& at, const std::string& space) const {
  const std::string below = Tag(at) + space;
  return {Tag(at) + "offset", below + ":pupils", below + ":control", below + ":proposals", below + ":letters"};
}

core::Result<std::vector<std::optional<StoredPosition>>> PartitionStore::Positions(
    const std::vector<events::TopicPartition>& at) const {
  std::vector<Arguments> commands;
  for (const events::TopicPartition& one : at) commands.push_back({"GET", Tag(one) + "offset"});
  TILTS_ASSIGN(const auto answers, redis_.Pipeline(commands));
  std::vector<std::optional<StoredPosition>> positions;
  for (const auto& answer : answers) {
    if (!answer) return core::Fail(answer.error());
    TILTS_ASSIGN(auto position, MaybePosition(*answer));
    positions.push_back(std::move(position));
  }
  return positions;
}

core::Result<Snapshot> PartitionStore::Load(const events::TopicPartition& at) const {
  TILTS_ASSIGN(const Reply reply, redis_.Run(kLoad, {Tag(at) + "offset"}, {Tag(at)}));
  TILTS_ASSIGN(const std::vector<Reply> parts, reply.AsArray());
  Snapshot snapshot;
  if (parts.size() < 4) return snapshot;
  TILTS_ASSIGN(snapshot.position, MaybePosition(parts[0]));
  TILTS_ASSIGN(snapshot.control, parts[1].AsText());
  TILTS_ASSIGN(snapshot.pupils, PairsOf(parts[2]));
  TILTS_ASSIGN(snapshot.proposals, PairsOf(parts[3]));
  return snapshot;
}

core::Result<StoredPosition> PartitionStore::Write(const events::TopicPartition& at,
                                                   const std::optional<StoredPosition>& expected, std::int64_t next,
                                                   const Changes& changes) const {
  const StoredPosition written{next, expected ? expected->space : first_space_};
  Arguments arguments = {TextOf(expected), TextOf(written), changes.control.value_or("")};
  for (const Changes::Fields* fields : {&changes.pupils, &changes.proposals, &changes.letters}) {
    AddFields(*fields, arguments);
  }
  TILTS_ASSIGN(const Reply reply, redis_.Run(kWrite, Keys(at, written.space), arguments));
  TILTS_ASSIGN(const std::int64_t was_expected, reply.AsInteger());
  if (was_expected != 1) return Fenced();
  return written;
}

core::Result<PartitionStore::PupilRead> PartitionStore::ReadPupil(const events::TopicPartition& at,
                                                                  const std::string& pupil_id) const {
  TILTS_ASSIGN(const Reply reply, redis_.Run(kReadPupil, {Tag(at) + "offset"}, {Tag(at), pupil_id}));
  TILTS_ASSIGN(const std::vector<Reply> parts, reply.AsArray());
  PupilRead read;
  if (parts.size() < 3) return read;
  TILTS_ASSIGN(read.position, MaybePosition(parts[0]));
  TILTS_ASSIGN(read.control, parts[1].AsText());
  TILTS_ASSIGN(read.pupil, parts[2].AsText());
  return read;
}

core::Result<std::vector<Snapshot>> PartitionStore::ReadProposals(const std::vector<events::TopicPartition>& at) const {
  std::vector<Snapshot> all;
  for (const events::TopicPartition& one : at) {
    TILTS_ASSIGN(const Reply reply, redis_.Run(kReadProposals, {Tag(one) + "offset"}, {Tag(one)}));
    TILTS_ASSIGN(const std::vector<Reply> parts, reply.AsArray());
    Snapshot& snapshot = all.emplace_back();
    if (parts.size() < 2) continue;
    TILTS_ASSIGN(snapshot.position, MaybePosition(parts[0]));
    TILTS_ASSIGN(snapshot.proposals, PairsOf(parts[1]));
  }
  return all;
}

core::Result<std::vector<std::string>> PartitionStore::ReadLetters(const events::TopicPartition& at) const {
  TILTS_ASSIGN(const Reply reply, redis_.Run(kReadLetters, {Tag(at) + "offset"}, {Tag(at)}));
  TILTS_ASSIGN(const std::vector<Reply> parts, reply.AsArray());
  std::vector<std::string> letters;
  if (parts.size() < 2) return letters;
  TILTS_ASSIGN(const std::vector<Reply> items, parts[1].AsArray());
  for (const Reply& item : items) {
    TILTS_ASSIGN(std::string letter, item.AsText());
    letters.push_back(std::move(letter));
  }
  return letters;
}

core::Result<std::uint64_t> PartitionStore::CountLetters(const std::vector<events::TopicPartition>& at) const {
  std::uint64_t count = 0;
  for (const events::TopicPartition& one : at) {
    TILTS_ASSIGN(const Reply reply, redis_.Run(kCountLetters, {Tag(one) + "offset"}, {Tag(one)}));
    TILTS_ASSIGN(const std::vector<Reply> parts, reply.AsArray());
    if (parts.size() < 2) continue;
    TILTS_ASSIGN(const std::int64_t letters, parts[1].AsInteger());
    count += static_cast<std::uint64_t>(letters);
  }
  return count;
}

core::Status PartitionStore::Fill(const events::TopicPartition& at, const std::string& space,
                                  const Changes& changes) const {
  const std::vector<std::string> keys = Keys(at, space);
  std::vector<Arguments> commands;
  const auto put = [&](const std::string& key, const Changes::Fields& fields) {
    for (const auto& [name, bytes] : fields) {
      if (bytes) {
        commands.push_back({"HSET", key, name, *bytes});
      } else {
        commands.push_back({"HDEL", key, name});
      }
    }
  };
  put(keys[1], changes.pupils);
  if (changes.control) commands.push_back({"SET", keys[2], *changes.control});
  put(keys[3], changes.proposals);
  put(keys[4], changes.letters);
  TILTS_ASSIGN(const auto answers, redis_.Pipeline(commands));
  for (const auto& answer : answers) {
    if (!answer) return core::Fail(answer.error());
  }
  return {};
}

core::Status PartitionStore::Switch(const events::TopicPartition& at, const StoredPosition& from,
                                    const StoredPosition& to) const {
  TILTS_ASSIGN(const Reply reply, redis_.Run(kSwitch, {Tag(at) + "offset"}, {from.space, TextOf(to)}));
  TILTS_ASSIGN(const std::int64_t switched, reply.AsInteger());
  if (switched != 1) return Fenced();
  return {};
}

core::Status PartitionStore::Drop(const events::TopicPartition& at, const std::string& space) const {
  Arguments command = {"UNLINK"};
  const std::vector<std::string> keys = Keys(at, space);
  command.insert(command.end(), keys.begin() + 1, keys.end());
  TILTS_ASSIGN(const Reply reply, redis_.Command(command));
  TILTS_CHECK(reply.AsInteger());
  return {};
}

}  // namespace tilts::risk_scoring
