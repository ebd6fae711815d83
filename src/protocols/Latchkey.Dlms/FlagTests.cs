using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms;

/// <summary>Flag tests for the read path: <see cref="Enum.HasFlag"/> boxes wherever the compiler does not see through it.</summary>
internal static class FlagTests
{
    public static bool Has(this Conformance value, Conformance flags) => (value & flags) == flags;

    public static bool Has(this AccessRights value, AccessRights flags) => (value & flags) == flags;

    public static bool Has(this SecurityPolicy value, SecurityPolicy flags) => (value & flags) == flags;

    public static bool Has(this PeerTolerance value, PeerTolerance flags) => (value & flags) == flags;
}
