using Latchkey.Quantities;
using Latchkey.Server.Platform;
using Latchkey.Sts;

namespace Latchkey.Server.ElectrumApi;

/// <summary>The utility as answers of the contract describe it.</summary>
/// <param name="InstitutionId">Names this server among the third-party identifiers of an answer.</param>
public sealed record UtilityProfile(string Name, string Address, string VatRegistration, string ClientId, string Message, string InstitutionId);

/// <summary>A vending client of the contract: who it is and how it proves it.</summary>
/// <param name="Password">As <see cref="Access.PasswordHash"/> keeps it.</param>
public sealed record ElectrumClient(string User, string Password);

/// <summary>A line of printed text.</summary>
public sealed record SlipText(string Text, int? WidthScale = null, int? HeightScale = null);

/// <summary>What the contract shows of a meter beyond what selling needs.</summary>
/// <param name="MeterId">The number the client uses; for meters without an entry their own.</param>
/// <param name="Minimum">The least purchase in minor units; 0 allows asking for free energy alone.</param>
/// <param name="LosesAnswers">A bench's meter: purchases are made, but their answer does not reach the client, who must retry.</param>
public sealed record ElectrumMeter(
    string MeterId,
    MeterPan Pan,
    string FirstName,
    string LastName,
    string Address,
    long Minimum,
    long Maximum,
    string TokenTechnology,
    IReadOnlyList<SlipText> Slip,
    bool LosesAnswers = false);

/// <summary>How the prepaid-utility contract is offered.</summary>
public sealed record ElectrumSettings
{
    public required UtilityProfile Utility { get; init; }

    public required IReadOnlyList<ElectrumClient> Clients { get; init; }

    /// <summary>The seller's channel for these clients; one of the seller's channels.</summary>
    public required string Channel { get; init; }

    public required Currency Currency { get; init; }

    /// <summary>Purchases of meters without an entry, in minor units.</summary>
    public long Minimum { get; init; } = 1_00;

    public long Maximum { get; init; } = 100_000_00;

    /// <summary>Meters known by another number than their own.</summary>
    public IReadOnlyList<ElectrumMeter> Meters { get; init; } = [];

    /// <summary>A bench's: brings the case meter of this id back to its case after a sale, so that the next one is the same. Null where meters are real.</summary>
    public Func<LatchkeyPlatform, string, CancellationToken, Task>? Restore { get; init; }
}
