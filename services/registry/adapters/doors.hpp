#pragma once

namespace tilts::rpc {
class MethodTable;
}

namespace tilts::registry {

class RegisterApp;
class VaultApp;

// Binds every method of RegistryService and VaultService. The apps must outlive the table.
void BindRegister(rpc::MethodTable& methods, RegisterApp& app);
void BindVault(rpc::MethodTable& methods, VaultApp& app);

}  // namespace tilts::registry
