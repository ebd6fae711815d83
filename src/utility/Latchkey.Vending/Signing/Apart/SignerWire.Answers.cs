using Latchkey.Sts;
using Latchkey.Vending.Reconciliation;

namespace Latchkey.Vending.Apart;

/// <summary>Answers of the signer as bytes.</summary>
public static partial class SignerWire
{
    public static (byte Kind, byte[] Payload) Encode(SignerAnswer answer)
    {
        var to = new PackedWriter(stackalloc byte[1024]);
        byte kind = answer switch
        {
            SignerAnswer.Welcome welcome => WriteFlag(ref to, 129, welcome.IsDevelopment),
            SignerAnswer.Outcomes outcomes => WriteOutcomes(ref to, outcomes),
            SignerAnswer.KeyChangeTokens tokens => WriteTokens(ref to, tokens.Signed),
            SignerAnswer.Cancelled cancelled => WriteFlag(ref to, 132, cancelled.IsPromised),
            SignerAnswer.Stopped => 133,
            SignerAnswer.Reconciled reconciled => WriteReport(ref to, reconciled.Report),
            SignerAnswer.Failed => 135,
            SignerAnswer.HeldKeys keys => WriteKeys(ref to, keys.Each),
            SignerAnswer.HasTokens tokens => WriteFlags(ref to, tokens.Each),
            _ => throw new System.Diagnostics.UnreachableException(answer.GetType().Name),
        };
        return (kind, to.Written.ToArray());
    }

    /// <summary>False for anything that <see cref="Encode(SignerAnswer)"/> does not write.</summary>
    public static bool TryDecode(byte kind, ReadOnlySpan<byte> payload, out SignerAnswer? answer) => Try(
        kind, payload, Encode, static (byte k, ref PackedReader from) => k switch
        {
            129 => new SignerAnswer.Welcome(from.Flag()),
            130 => ReadOutcomes(ref from),
            131 => ReadTokens(ref from),
            132 => new SignerAnswer.Cancelled(from.Flag()),
            133 => new SignerAnswer.Stopped(),
            134 => new SignerAnswer.Reconciled(ReadReport(ref from)),
            135 => new SignerAnswer.Failed(),
            136 => ReadKeys(ref from),
            137 => ReadFlags(ref from),
            _ => throw new FormatException("No such answer."),
        },
        out answer);

    private static byte WriteFlag(ref PackedWriter to, byte kind, bool value)
    {
        to.Flag(value);
        return kind;
    }

    private static byte WriteFlags(ref PackedWriter to, IReadOnlyList<bool> each)
    {
        to.Integer(each.Count);
        foreach (bool flag in each) to.Flag(flag);
        return 137;
    }

    private static SignerAnswer.HasTokens ReadFlags(ref PackedReader from)
    {
        var each = new bool[from.Count(MaxOrders)];
        for (int i = 0; i < each.Length; i++) each[i] = from.Flag();
        return new SignerAnswer.HasTokens(each);
    }

    private static byte WriteOutcomes(ref PackedWriter to, SignerAnswer.Outcomes outcomes)
    {
        to.Integer(outcomes.Each.Count);
        foreach (SignOutcome outcome in outcomes.Each)
        {
            to.Flag(outcome is SignOutcome.Signed);
            if (outcome is SignOutcome.Signed signed) WriteToken(ref to, signed.Token);
            else to.Text(((SignOutcome.Refused)outcome).Code);
        }

        return 130;
    }

    private static SignerAnswer.Outcomes ReadOutcomes(ref PackedReader from)
    {
        var each = new SignOutcome[from.Count(MaxOrders)];
        for (int i = 0; i < each.Length; i++) each[i] = from.Flag() ? new SignOutcome.Signed(ReadToken(ref from)) : new SignOutcome.Refused(ReadText(ref from));
        return new SignerAnswer.Outcomes(each);
    }

    private static byte WriteTokens(ref PackedWriter to, KeyChangeSigned signed)
    {
        to.Text(signed.Refusal);
        to.Integer(signed.Tokens.Count);
        foreach (TokenNumber token in signed.Tokens) WriteToken(ref to, token);
        return 131;
    }

    private static SignerAnswer.KeyChangeTokens ReadTokens(ref PackedReader from)
    {
        string? refusal = from.TextOrNull();
        var tokens = new TokenNumber[from.Count(MaxTokens)];
        for (int i = 0; i < tokens.Length; i++) tokens[i] = ReadToken(ref from);
        bool isOne = refusal is null ? tokens.Length > 0 : tokens.Length == 0 && refusal.Length <= MaxText;
        return isOne ? new SignerAnswer.KeyChangeTokens(new KeyChangeSigned(refusal, tokens)) : throw new FormatException("Neither tokens nor a refusal.");
    }

    private static void WriteToken(ref PackedWriter to, TokenNumber token)
    {
        Span<byte> nine = stackalloc byte[TokenNumber.ByteCount];
        token.WriteBytes(nine);
        to.Bytes(nine);
    }

    private static TokenNumber ReadToken(ref PackedReader from) =>
        TokenNumber.TryReadBytes(from.Bytes(), out TokenNumber token) ? token : throw new FormatException("No token.");

    private static byte WriteKeys(ref PackedWriter to, IReadOnlyList<SignerKey> keys)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keys.Count, MaxKeys);
        to.Integer(keys.Count);
        foreach (SignerKey key in keys)
        {
            to.Text(key.KeyId);
            to.Text(key.CheckValue);
            to.Integer(key.ActiveFrom.ToUnixTimeMilliseconds());
            to.Flag(key.IssueUntil is not null);
            if (key.IssueUntil is { } until) to.Integer(until.ToUnixTimeMilliseconds());
            to.Integer(key.CreditLimit);
            to.Integer(key.Counters.Tokens);
            to.Integer(key.Counters.Tenths);
            to.Integer(key.Counters.MinorUnits);
            to.Text(Short(key.StoppedReason));
        }

        return 136;
    }

    private static SignerAnswer.HeldKeys ReadKeys(ref PackedReader from)
    {
        var keys = new SignerKey[from.Count(MaxKeys)];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = new SignerKey(
                ReadText(ref from), ReadText(ref from), DateTimeOffset.FromUnixTimeMilliseconds(from.Integer()),
                from.Flag() ? DateTimeOffset.FromUnixTimeMilliseconds(from.Integer()) : null, from.Integer(),
                new KeyCounters(from.Integer(), from.Integer(), from.Integer()), ReadTextOrNull(ref from));
        }

        return new SignerAnswer.HeldKeys(keys);
    }

    private static byte WriteReport(ref PackedWriter to, DailyReconciliation report)
    {
        to.Text(Short(report.NotDone));
        to.Text(Short(report.LedgerProblem));
        to.Integer(report.Tokens);
        to.Integer(report.Orders);
        to.Integer(report.DifferenceCount);
        AuditDifference[] listed = [.. report.Differences.Take(DailyReconciliation.MaxListed)];
        to.Integer(listed.Length);
        foreach (AuditDifference difference in listed)
        {
            to.Text(Short(difference.Where));
            to.Text(Short(difference.Problem));
            to.Text(Short(difference.KeyId));
        }

        return 134;
    }

    private static DailyReconciliation ReadReport(ref PackedReader from)
    {
        (string? notDone, string? problem) = (ReadTextOrNull(ref from), ReadTextOrNull(ref from));
        (long tokens, long orders, long count) = (from.Integer(), from.Integer(), from.Integer());
        var differences = new AuditDifference[from.Count(DailyReconciliation.MaxListed)];
        for (int i = 0; i < differences.Length; i++) differences[i] = new AuditDifference(ReadText(ref from), ReadText(ref from), ReadTextOrNull(ref from));
        return new DailyReconciliation(notDone, problem, tokens, orders, count, differences);
    }

    private static string? ReadTextOrNull(ref PackedReader from) =>
        from.TextOrNull() is var text && text is not { Length: > MaxText } ? text : throw new FormatException("A text is too long.");

    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    private static string? Short(string? text) => text is { Length: > MaxText } ? text[..MaxText] : text;
}
