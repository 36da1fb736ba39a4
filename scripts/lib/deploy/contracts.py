"""The contracts as this tree has them: configuration messages with their bounds, topics, who may call which method."""
import functools
import pathlib
import tempfile

import grpc_tools
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from grpc_tools import protoc

NUMBERS = {"TYPE_UINT32", "TYPE_DOUBLE"}


class Contracts:
    def __init__(self, protos: pathlib.Path):
        well_known = pathlib.Path(grpc_tools.__file__).parent / "_proto"
        google = pathlib.Path(grpc_tools.__file__).parents[1]
        names = sorted(str(path.relative_to(protos)) for path in protos.rglob("*.proto"))
        with tempfile.NamedTemporaryFile() as file:
            arguments = ["protoc", f"-I{protos}", f"-I{google}", f"-I{well_known}", "--include_imports",
                         f"--descriptor_set_out={file.name}", *names]
            if protoc.main(arguments):
                raise ValueError("the contracts do not compile")
            raw = pathlib.Path(file.name).read_bytes()
        self.pool = descriptor_pool.DescriptorPool()
        for one in descriptor_pb2.FileDescriptorSet.FromString(raw).file:
            self.pool.Add(one)
        self.files = [self.pool.FindFileByName(name) for name in names]

    def option(self, descriptor, kind: str, name: str):
        """One of the house's options of a descriptor, read with the pool's own classes; None if it is not set."""
        options = self.message(f"google.protobuf.{kind}").FromString(descriptor.GetOptions().SerializeToString())
        extension = self.pool.FindExtensionByName(f"tilts.options.v1.{name}")
        return options.Extensions[extension] if options.HasExtension(extension) else None

    @functools.lru_cache(maxsize=None)
    def message(self, name: str):
        return message_factory.GetMessageClass(self.pool.FindMessageTypeByName(name))

    def topics(self) -> dict:
        """Topic's name to its options."""
        values = self.pool.FindEnumTypeByName("tilts.events.v1.Topic").values
        found = [self.option(value, "EnumValueOptions", "topic") for value in values]
        return {one.name: one for one in found if one is not None}

    def callers(self) -> dict:
        """Contract package to the services that may call a method of it for themselves."""
        found = {}
        for file in self.files:
            for service in file.services_by_name.values():
                for method in service.methods:
                    access = self.option(method, "MethodOptions", "access")
                    found.setdefault(file.package, set()).update(access.services if access else ())
        return found

    def faults(self, config: dict):
        """What libs/config would refuse: unknown keys, wrong types, what is missing or out of bounds, secrets in the file."""
        try:
            message = json_format.ParseDict(config, self.message("tilts.config.v1.ServiceConfig")())
        except json_format.ParseError as error:
            return [str(error)]
        return list(self.bounds(message, ""))

    def bounds(self, message, at: str):
        for field in message.DESCRIPTOR.fields:
            bound = self.option(field, "FieldOptions", "bounds")
            path = f"{at}{field.name}"
            value = getattr(message, field.name)
            is_message = field.message_type is not None
            many = field.is_repeated
            present = len(value) > 0 if many else message.HasField(field.name) if is_message or field.has_presence else bool(value)
            if is_message and many and not field.message_type.GetOptions().map_entry:
                for number, one in enumerate(value):
                    yield from self.bounds(one, f"{path}[{number}].")
            elif is_message and not many and present and field.message_type.full_name != "google.protobuf.Duration":
                yield from self.bounds(value, f"{path}.")
            if bound is not None:
                yield from self.fault(field, bound, path, value, present)

    @staticmethod
    def fault(field, bound, path: str, value, present: bool):
        duration = field.message_type is not None and field.message_type.full_name == "google.protobuf.Duration"
        if not present:
            if bound.required and field.message_type is None and not bound.default_value:
                yield f"{path} is missing"
            return
        if bound.never_in_file:
            yield f"{path} is a secret and stands in the file"
        if bound.allowed and value not in bound.allowed:
            yield f"{path} is {value}, allowed: {', '.join(bound.allowed)}"
        size = (len(value) if field.is_repeated else value.seconds + value.nanos / 1e9 if duration
                else value if isinstance(value, (int, float)) and not isinstance(value, bool) else None)
        if size is not None and ((bound.HasField("min") and size < bound.min) or (bound.HasField("max") and size > bound.max)):
            yield f"{path} is {size}, out of bounds"
