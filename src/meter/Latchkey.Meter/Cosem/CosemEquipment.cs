using Latchkey.Dlms.Security;
using Latchkey.Dlms.Server;
using Latchkey.Meter.Hal;

namespace Latchkey.Meter.Cosem;

/// <summary>What a meter needs beside its core to speak DLMS/COSEM.</summary>
/// <param name="Store">Settings, keys, counters and profiles: a flash of its own, so that nothing said from outside can wear or fill the memory of the credit.</param>
/// <param name="Random">Challenges nobody can foretell.</param>
/// <param name="Clock">The clock that may be set from afar; null where it may not.</param>
public sealed record CosemEquipment(INonVolatileMemory Store, IChallengeSource Random, IRealTimeClock? Clock = null);

/// <summary>A clock that can be set.</summary>
public interface IRealTimeClock
{
    /// <summary>Sets the clock; false when it does not take the time.</summary>
    bool TrySet(long unixSeconds);
}

/// <summary>Who a meter is on a DLMS line, and the secrets it leaves the factory with; what was changed since is in its store.</summary>
public sealed record CosemIdentity
{
    /// <summary>Three letters of the maker and five octets of the serial number.</summary>
    public required SystemTitle Title { get; init; }

    /// <summary>The security suite of the keys.</summary>
    public SecuritySuite Suite { get; init; } = SecuritySuite.Suite0;

    /// <summary>GUEK.</summary>
    public required ReadOnlyMemory<byte> Encryption { get; init; }

    /// <summary>GBEK.</summary>
    public required ReadOnlyMemory<byte> Broadcast { get; init; }

    /// <summary>GAK.</summary>
    public required ReadOnlyMemory<byte> Authentication { get; init; }

    /// <summary>KEK.</summary>
    public required ReadOnlyMemory<byte> Master { get; init; }

    /// <summary>The password of the reading client.</summary>
    public required ReadOnlyMemory<byte> ReadingPassword { get; init; }

    /// <summary>The letters in front of titles and logical device names; not registered with the DLMS User Association.</summary>
    public const string Maker = "LKY";

    /// <summary>The title of a meter: the maker's letters and forty bits of its number.</summary>
    public static SystemTitle TitleOf(ulong number) =>
        new(((ulong)Maker[0] << 56) | ((ulong)Maker[1] << 48) | ((ulong)Maker[2] << 40) | (number & 0xFF_FFFF_FFFF));
}
