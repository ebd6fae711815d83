using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Ledger;

namespace Latchkey.Vending;

/// <summary>A wish that two people must answer for.</summary>
/// <param name="Id">Made by the caller, and the id of whatever is issued on it: one request, one token.</param>
/// <param name="Reason">Why, for those who decide and for the auditor; 1 to <see cref="MaxReasonLength"/> characters.</param>
public sealed record ApprovalRequest(Guid Id, ApprovalEffect Effect, string Reason, ApprovalPerson AskedBy, DateTimeOffset AskedAt, DateTimeOffset ExpiresAt)
{
    public const int MaxReasonLength = 200;

    /// <summary>Over all of it: the books keep this, so that a request that was changed afterwards shows.</summary>
    public string ContentHash()
    {
        byte[] head = Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{Id:N}\n{AskedBy}\n{AskedAt.ToUnixTimeMilliseconds()}\n{ExpiresAt.ToUnixTimeMilliseconds()}\n{Reason.Length}\n{Reason}\n"));
        return Convert.ToHexStringLower(SHA256.HashData([.. head, .. Effect.Bytes()]));
    }
}

/// <summary>A request as it is kept.</summary>
/// <param name="First">The person who answers first: who asked, or the first to approve what a program asked.</param>
/// <param name="Second">The other one, who approved or refused.</param>
/// <param name="DecidedAt">When it was given, refused or expired.</param>
public sealed record Approval(
    ApprovalRequest Request, ApprovalState State, ApprovalPerson? First = null, ApprovalPerson? Second = null, DateTimeOffset? DecidedAt = null, DateTimeOffset? UsedAt = null)
{
    public Guid Id => Request.Id;

    public ApprovalEffect Effect => Request.Effect;

    public AccountId Account => Effect.AccountOf(Id);

    /// <summary>How it stands at a time: what is past its end counts as expired before anybody has written so.</summary>
    public ApprovalState StateAt(DateTimeOffset now) =>
        State is ApprovalState.Open or ApprovalState.Given && now >= Request.ExpiresAt ? ApprovalState.Expired : State;
}

/// <summary>What became of a step of an approval.</summary>
public abstract record ApprovalOutcome
{
    private ApprovalOutcome()
    {
    }

    public sealed record Done(Approval Approval) : ApprovalOutcome;

    public sealed record Refused(string Code, string Detail) : ApprovalOutcome;
}
