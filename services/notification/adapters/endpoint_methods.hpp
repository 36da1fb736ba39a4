#pragma once

#include <tilts/notification/v1/notification_service.pb.h>

#include <functional>

#include "notification/adapters/endpoint_store.hpp"
#include "postgres/database.hpp"
#include "postgres/idempotency.hpp"
#include "rpc/call.hpp"

namespace tilts::notification {

// The methods of NotificationService about endpoints. Each write and its audit record are one transaction; a foreign
// endpoint looks like an unknown one.
class EndpointMethods {
 public:
  EndpointMethods(postgres::Database& database, const EndpointStore& endpoints, postgres::Idempotency idempotency,
                  bool anywhere, std::function<void()> wake)
      : database_(database),
        endpoints_(endpoints),
        idempotency_(std::move(idempotency)),
        anywhere_(anywhere),
        wake_(std::move(wake)) {}

  core::Result<v1::PutEndpointResponse> Put(const rpc::CallContext& call, const v1::PutEndpointRequest& request) const;
  core::Result<v1::RotateSecretResponse> Rotate(const rpc::CallContext& call,
                                                const v1::RotateSecretRequest& request) const;
  core::Result<v1::ListEndpointsResponse> List(const rpc::CallContext& call) const;
  core::Result<v1::PutAllowedHostsResponse> PutHosts(const rpc::CallContext& call,
                                                     const v1::PutAllowedHostsRequest& request) const;

 private:
  core::Result<StoredEndpoint> Replace(postgres::UnitOfWork& unit, const rpc::CallContext& call,
                                       const v1::PutEndpointRequest& request) const;
  core::Result<std::string> SecretOf(postgres::UnitOfWork& unit, const StoredEndpoint& endpoint,
                                     const std::string& seen) const;

  postgres::Database& database_;
  const EndpointStore& endpoints_;
  const postgres::Idempotency idempotency_;
  const bool anywhere_;
  const std::function<void()> wake_;
};

}  // namespace tilts::notification
