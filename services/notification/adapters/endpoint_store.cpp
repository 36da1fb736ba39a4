#include "notification/adapters/endpoint_store.hpp"

#include "crypto/random.hpp"
#include "standard_webhooks/webhook_key.hpp"

namespace tilts::notification {
namespace {

using postgres::UnitOfWork;

constexpr char kColumns[] = "endpoint_id, institution_id, url, channel_order, disabled_at IS NOT NULL, version";

StoredEndpoint FromRow(const postgres::Row& row) {
  return {row.Text(0), row.Text(1), row.Text(2), static_cast<unsigned>(row.Int(3)), row.Bool(4), row.Int(5)};
}

std::string FreshSecret() {
  return standard_webhooks::WebhookKey::GenerateSecret().Serialize();
}

}  // namespace

core::Result<StoredEndpoint> EndpointStore::Put(UnitOfWork& unit, const std::string& institution_id, unsigned order,
                                                const std::string& url) const {
  TILTS_CHECK(unit.Lock("endpoint", institution_id));
  TILTS_ASSIGN(const auto known, unit.Exec("SELECT endpoint_id FROM endpoint WHERE institution_id = $1 AND "
                                           "channel_order = $2",
                                           {institution_id, order}));
  const std::string id = known.empty() ? crypto::RandomId() : known.front().Text(0);
  const std::string key = sealer_.NewKey(id);
  TILTS_ASSIGN(const std::string sealed, sealer_.Seal(id, key, FreshSecret()));
  TILTS_ASSIGN(const auto rows,
               unit.Exec(std::string("INSERT INTO endpoint (endpoint_id, institution_id, channel_order, url, "
                                     "wrapped_key, sealed_secret) VALUES ($1, $2, $3, $4, $5, $6) "
                                     "ON CONFLICT (endpoint_id) DO UPDATE SET url = $4, wrapped_key = $5, "
                                     "sealed_secret = $6, previous_sealed_secret = NULL, previous_until = NULL, "
                                     "disabled_at = NULL, rest_until = NULL, version = endpoint.version + 1 "
                                     "RETURNING ") +
                             kColumns,
                         {id, institution_id, order, url, postgres::Bytes{key}, postgres::Bytes{sealed}}));
  return FromRow(rows.front());
}

core::Status EndpointStore::Rotate(UnitOfWork& unit, const std::string& endpoint_id,
                                   core::CityTime previous_until) const {
  TILTS_ASSIGN(const auto rows,
               unit.Exec("SELECT wrapped_key FROM endpoint WHERE endpoint_id = $1 FOR UPDATE", {endpoint_id}));
  if (rows.empty()) return core::Fail(core::Errc::kNotFound, "there is no such endpoint");
  TILTS_ASSIGN(const std::string sealed, sealer_.Seal(endpoint_id, rows.front().BytesOf(0), FreshSecret()));
  TILTS_CHECK(
      unit.Exec("UPDATE endpoint SET previous_sealed_secret = sealed_secret, previous_until = $2, "
                "sealed_secret = $3, version = version + 1 WHERE endpoint_id = $1",
                {endpoint_id, previous_until, postgres::Bytes{sealed}}));
  return {};
}

core::Result<std::optional<StoredEndpoint>> EndpointStore::Find(UnitOfWork& unit,
                                                                const std::string& endpoint_id) const {
  TILTS_ASSIGN(const auto rows,
               unit.Exec(std::string("SELECT ") + kColumns + " FROM endpoint WHERE endpoint_id = $1", {endpoint_id}));
  if (rows.empty()) return std::optional<StoredEndpoint>();
  return std::optional(FromRow(rows.front()));
}

core::Result<std::vector<StoredEndpoint>> EndpointStore::List(UnitOfWork& unit,
                                                              const std::string& institution_id) const {
  TILTS_ASSIGN(const auto rows, unit.Exec(std::string("SELECT ") + kColumns +
                                              " FROM endpoint WHERE institution_id = $1 ORDER BY channel_order",
                                          {institution_id}));
  std::vector<StoredEndpoint> endpoints;
  for (const postgres::Row& row : rows) endpoints.push_back(FromRow(row));
  return endpoints;
}

core::Result<std::vector<domain::Channel>> EndpointStore::Channels(UnitOfWork& unit,
                                                                   const std::string& institution_id) const {
  TILTS_ASSIGN(const auto endpoints, List(unit, institution_id));
  std::vector<domain::Channel> channels;
  for (const StoredEndpoint& each : endpoints) channels.push_back({each.endpoint_id, each.order, each.disabled});
  return channels;
}

core::Result<std::string> EndpointStore::Secret(UnitOfWork& unit, const std::string& endpoint_id) const {
  TILTS_ASSIGN(const auto rows,
               unit.Exec("SELECT wrapped_key, sealed_secret FROM endpoint WHERE endpoint_id = $1", {endpoint_id}));
  if (rows.empty()) return core::Fail(core::Errc::kNotFound, "there is no such endpoint");
  return sealer_.Open(endpoint_id, rows.front().BytesOf(0), rows.front().BytesOf(1));
}

core::Result<std::set<std::string>> EndpointStore::AllowedHosts(UnitOfWork& unit,
                                                                const std::string& institution_id) const {
  TILTS_ASSIGN(const auto rows, unit.Exec("SELECT host FROM allowed_host WHERE institution_id = $1", {institution_id}));
  std::set<std::string> hosts;
  for (const postgres::Row& row : rows) hosts.insert(row.Text(0));
  return hosts;
}

core::Status EndpointStore::PutAllowedHosts(UnitOfWork& unit, const std::string& institution_id,
                                            const std::set<std::string>& hosts) const {
  TILTS_CHECK(unit.Lock("endpoint", institution_id));
  TILTS_CHECK(unit.Exec("DELETE FROM allowed_host WHERE institution_id = $1", {institution_id}));
  TILTS_CHECK(unit.Exec("INSERT INTO allowed_host SELECT $1, unnest($2::text[])",
                        {institution_id, std::vector<std::string>(hosts.begin(), hosts.end())}));
  return {};
}

core::Status EndpointStore::Disable(UnitOfWork& unit, const std::string& endpoint_id, std::int64_t version,
                                    core::CityTime now) {
  TILTS_CHECK(
      unit.Exec("UPDATE endpoint SET disabled_at = $3 WHERE endpoint_id = $1 AND version = $2 AND "
                "disabled_at IS NULL",
                {endpoint_id, version, now}));
  return {};
}

core::Status EndpointStore::Rest(UnitOfWork& unit, const std::string& endpoint_id, std::int64_t version,
                                 core::CityTime until) {
  TILTS_CHECK(
      unit.Exec("UPDATE endpoint SET rest_until = greatest(rest_until, $3) WHERE endpoint_id = $1 AND "
                "version = $2",
                {endpoint_id, version, until}));
  return {};
}

}  // namespace tilts::notification
