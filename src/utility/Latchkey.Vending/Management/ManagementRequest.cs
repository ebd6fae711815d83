using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>A wish for a token that carries no energy.</summary>
/// <param name="Id">Made by the caller; sending the same again gives the same token.</param>
/// <param name="Kind">What it does to the meter; clear tamper is the one in use.</param>
/// <param name="Value">The token's 16 bits; 0 for clear tamper.</param>
public sealed record ManagementRequest(
    Guid Id, MeterPan Pan, ManagementSubClass Kind, ushort Value, string Reason, string FirstApprover, string SecondApprover);

/// <summary>A management token as it is kept: who wanted it, who answered for it, when.</summary>
public sealed record ManagementIssue(ManagementRequest Request, DecoderKeyAttributes Key, TokenIdentifier Tid, DateTimeOffset At, TokenNumber? Token)
{
    public Guid Id => Request.Id;

    public Guid EntryId => DerivedId.Of(Id, "management");
}

/// <summary>What became of it.</summary>
public abstract record ManagementOutcome
{
    private ManagementOutcome()
    {
    }

    public sealed record Issued(ManagementIssue Issue, bool IsReplay) : ManagementOutcome;

    public sealed record IdReused(Guid Id) : ManagementOutcome;

    public sealed record Declined(string Code, string Detail) : ManagementOutcome;
}
