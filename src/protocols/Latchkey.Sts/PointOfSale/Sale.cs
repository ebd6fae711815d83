namespace Latchkey.Sts;

/// <summary>What a credit sale gave: a closed set.</summary>
/// <remarks>Source: IEC 62055-41, POS application.</remarks>
public abstract record SaleOutcome
{
    private SaleOutcome()
    {
    }

    /// <summary>Tokens were made.</summary>
    /// <param name="KeyChange">Tokens to enter first, in this order; empty where the meter's key is right.</param>
    /// <param name="Credit">The credit token, entered last.</param>
    /// <param name="Tid">Its identifier.</param>
    /// <param name="Asked">The amount asked for, in steps of 0.1.</param>
    /// <param name="Granted">The amount in the token, in the same steps: the least that can be said and is not below what was asked.</param>
    /// <param name="Record">The meter's record once the tokens were accepted.</param>
    public sealed record Issued(IReadOnlyList<TokenNumber> KeyChange, TokenNumber Credit, TokenIdentifier Tid, long Asked, long Granted, MeterKeyRecord Record) : SaleOutcome;

    /// <summary>No token was made. An identifier is used up only where it was the identifier that passed the key's end.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Refused(IssueRefusal Reason) : SaleOutcome;
}

/// <summary>A request for credit in units.</summary>
/// <param name="Meter">The meter's record.</param>
/// <param name="Target">The revision its key should be under, usually <see cref="VendingKeyRevision.Current"/>.</param>
/// <param name="Tariff">The tariff index it should have, or null to keep it.</param>
/// <param name="SubClass">Electricity, water, gas or time in units.</param>
/// <param name="Steps">The amount in steps of 0.1 kWh, 0.1 m³ or 0.1 minute; more than 0.</param>
/// <param name="WallClock">The system's wall clock: one fixed offset for ever.</param>
/// <param name="Random">Four random bits, 0 to 15.</param>
/// <remarks>Source: IEC 62055-41, POS application.</remarks>
public sealed record SaleRequest(
    MeterKeyRecord Meter,
    VendingKeyRevision Target,
    TariffIndex? Tariff,
    CreditSubClass SubClass,
    long Steps,
    DateTime WallClock,
    byte Random);
