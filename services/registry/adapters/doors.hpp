#pragma once

namespace tilts::rpc {
class MethodTable;
}

namespace tilts::registry {

class RegisterApp;
class VaultApp;
class PupilApp;

// Binds every method of its service. The apps must outlive the table.
void BindRegister(rpc::MethodTable& methods, RegisterApp& app);
void BindVault(rpc::MethodTable& methods, VaultApp& app);
void BindPupils(rpc::MethodTable& methods, PupilApp& app);

}  // namespace tilts::registry
