#include "rpc/method_table.hpp"

#include <gmock/gmock.h>
#include <tilts/intake/v1/fact_service.pb.h>
#include <tilts/operations/v1/operations_service.pb.h>

namespace tilts::rpc {
namespace {

using intake::v1::PushFactsRequest;
using intake::v1::PushFactsResponse;
using operations::v1::GetStatusRequest;
using operations::v1::GetStatusResponse;
using operations::v1::ListDeadLettersResponse;
using ::testing::HasSubstr;

core::Result<GetStatusResponse> Empty(const CallContext&, const GetStatusRequest&) {
  return GetStatusResponse();
}

TEST(MethodTableTest, FindsMethodWithAndWithoutSlash) {
  MethodTable table;
  table.Bind<GetStatusRequest, GetStatusResponse>("tilts.operations.v1.OperationsService/GetStatus", Empty);
  EXPECT_NE(table.Find("/tilts.operations.v1.OperationsService/GetStatus"), nullptr);
  EXPECT_NE(table.Find("tilts.operations.v1.OperationsService/GetStatus"), nullptr);
  EXPECT_EQ(table.Find("/tilts.operations.v1.OperationsService/Other"), nullptr);
}

TEST(MethodTableTest, FailsTheCheckWhenMethodIsInNoContract) {
  MethodTable table;
  table.Bind<GetStatusRequest, GetStatusResponse>("tilts.operations.v1.OperationsService/GetState", Empty);
  EXPECT_THAT(table.Check().error().message, HasSubstr("GetState is in no contract"));
}

TEST(MethodTableTest, FailsTheCheckWhenMessagesDiffer) {
  MethodTable table;
  table.Bind<GetStatusRequest, ListDeadLettersResponse>(
      "tilts.operations.v1.OperationsService/GetStatus",
      [](const CallContext&, const GetStatusRequest&) { return ListDeadLettersResponse(); });
  EXPECT_THAT(table.Check().error().message, HasSubstr("bound with other messages"));
}

TEST(MethodTableTest, FailsTheCheckWhenAStreamIsBoundAsACallOrACallAsAStream) {
  MethodTable table;
  table.BindStream<GetStatusRequest, GetStatusResponse>("tilts.operations.v1.OperationsService/GetStatus", Empty);
  table.Bind<PushFactsRequest, PushFactsResponse>(
      "tilts.intake.v1.FactService/StreamFacts",
      [](const CallContext&, const PushFactsRequest&) { return PushFactsResponse(); });
  EXPECT_THAT(table.Check().error().message, HasSubstr("GetStatus does not stream"));
  EXPECT_THAT(table.Check().error().message, HasSubstr("StreamFacts streams: use BindStream"));
}

TEST(MethodTableTest, FailsTheCheckWhenBoundTwiceOrNotAtAll) {
  MethodTable table;
  table.Bind<GetStatusRequest, GetStatusResponse>("tilts.operations.v1.OperationsService/GetStatus", Empty);
  table.Bind<GetStatusRequest, GetStatusResponse>("tilts.operations.v1.OperationsService/GetStatus", Empty);
  const std::string message = table.Check().error().message;
  EXPECT_THAT(message, HasSubstr("bound twice"));
  EXPECT_THAT(message, HasSubstr("RedriveDeadLetter is not bound"));
}

}  // namespace
}  // namespace tilts::rpc
