#include "registry/adapters/doors.hpp"

#include <gtest/gtest.h>

#include "registry/app/pupil_app.hpp"
#include "registry/app/register_app.hpp"
#include "registry/app/vault_app.hpp"
#include "rpc/method_table.hpp"

namespace tilts::registry {
namespace {

core::Status Down() {
  return core::Fail(core::Errc::kUnavailable, "no store here");
}

class NoRegister : public RegisterStore {
  core::Status Transact(const std::function<core::Status(RegisterSession&)>&) override { return Down(); }
};

class NoVault : public VaultStore {
  core::Status Transact(const std::function<core::Status(VaultSession&)>&) override { return Down(); }
};

TEST(DoorsTest, EveryMethodOfTheServicesIsBound) {
  NoRegister no_register;
  NoVault no_vault;
  RegisterApp register_app(no_register, {}, {});
  VaultApp vault_app(no_vault);
  rpc::MethodTable methods;
  BindRegister(methods, register_app);
  EXPECT_TRUE(methods.Check());
  BindVault(methods, vault_app);
  PupilApp pupil_app(no_vault);
  BindPupils(methods, pupil_app);
  const core::Status checked = methods.Check();
  EXPECT_TRUE(checked) << checked.error().message;
  EXPECT_EQ(methods.All().size(), 18U);
}

TEST(DoorsTest, StoreThatIsDownIsToldAsItIs) {
  NoRegister no_register;
  RegisterApp app(no_register, {}, {});
  EXPECT_EQ(app.ListInstitutions({}).error().code, core::Errc::kUnavailable);
  EXPECT_EQ(app.GetGrantSnapshot(0).error().code, core::Errc::kUnavailable);
}

}  // namespace
}  // namespace tilts::registry
