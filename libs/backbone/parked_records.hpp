#pragma once

#include <string>

#include "postgres/dead_letters.hpp"
#include "postgres/sql_batch_processor.hpp"
#include "service/operations.hpp"

namespace tilts::backbone {

// Dead letters of a service with PostgreSQL, as operators list and re-drive them.
class ParkedRecords : public service::DeadLetters {
 public:
  ParkedRecords(postgres::Database& database, postgres::SqlBatchProcessor& processor, std::string service,
                std::string audit_chain)
      : letters_(database, service),
        processor_(processor),
        service_(std::move(service)),
        audit_chain_(std::move(audit_chain)) {}

  core::Result<operations::v1::ListDeadLettersResponse> List(
      const rpc::CallContext& call, const operations::v1::ListDeadLettersRequest& request) override;
  core::Result<operations::v1::RedriveDeadLetterResponse> Redrive(
      const rpc::CallContext& call, const operations::v1::RedriveDeadLetterRequest& request) override;

  core::Result<std::uint64_t> Count() const { return letters_.CountBlocking(); }

 private:
  const postgres::DeadLetters letters_;
  postgres::SqlBatchProcessor& processor_;
  const std::string service_;
  const std::string audit_chain_;
};

}  // namespace tilts::backbone
