using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>What is known of a token by its number.</summary>
/// <param name="Kind">A stable word: <c>sale</c>, <c>free-issue</c>, <c>credit-transfer</c>, <c>clear-tamper</c> and so on, <c>key-change</c>, <c>meter-test</c>.</param>
/// <param name="Id">Of the order, the request or the change; null for a test token, which every request for it shares.</param>
/// <param name="State">Of the order; null for a token without energy.</param>
/// <param name="SignerLine">The line of the signer's journal that counts it; null where the signer has none or is not here.</param>
public sealed record TokenTrace(
    string Token, string Kind, Guid? Id, MeterPan? Pan, uint? TidMinutes, DateTimeOffset? At, long Tenths, long? Value, string? Money, string? Channel, string? AskedBy, string? ApprovedBy,
    string? Reason, string? Receipt, OrderState? State, long? SignerLine, string? KeyId);

/// <summary>Finds the transaction of an issued token. For privileged people: whoever holds a number may not learn whose it is.</summary>
/// <param name="signer">The signer's journal, where it is in this process; null without.</param>
public sealed class TokenVerifier(IVendingStore store, IKeyChangeStore keyChanges, ISignerStore? signer)
{
    /// <summary>Null where no token of this number was issued here.</summary>
    public TokenTrace? Find(TokenNumber token) => store.Read(books => OfOrder(books, token) ?? OfManagement(books, token) ?? OfTest(token)) ?? OfKeyChange(token);

    private TokenTrace? OfOrder(IVendingBooks books, TokenNumber token)
    {
        if (books.FindByToken(token) is not { Terms: { } terms } order) return null;
        OrderReceipt receipt = OrderReceipt.FromBytes(order.Answer.Span);
        Approval? approval = Grants.IsGrant(order.Command) ? books.FindApproval(order.Id) : null;
        SignatureRecord? line = LineOf(order.Id, token);
        return new TokenTrace(
            token.ToGroupedString(), receipt.Tokens[^1].Kind, order.Id, order.Command.Pan, order.Tid?.Minutes, order.Times.Posted, terms.TenthsGranted, null,
            order.Command.Amount.ToString(), order.Command.Channel, approval?.First?.ToString() ?? order.Command.Operator, approval?.Second?.ToString(), approval?.Request.Reason,
            receipt.Number, order.State, line?.Number, line?.KeyId);
    }

    private TokenTrace? OfManagement(IVendingBooks books, TokenNumber token)
    {
        if (books.FindManagement(token) is not { } issue) return null;
        SignatureRecord? line = LineOf(issue.Id, token);
        ApprovalEffect? effect = ManagementEffects.Of(issue.Request);
        return new TokenTrace(
            token.ToGroupedString(), effect is null ? "management" : ApprovalKinds.WordOf(effect.Kind), issue.Id, issue.Request.Pan, issue.Tid.Minutes, issue.At, 0,
            effect?.Amount ?? issue.Request.Value, null, null, issue.Request.FirstApprover, issue.Request.SecondApprover, issue.Request.Reason, null, null, line?.Number, line?.KeyId);
    }

    private TokenTrace? OfKeyChange(TokenNumber token)
    {
        if (token.Class != TokenClass.MeterSpecificManagement || keyChanges.FindByToken(token) is not { } change) return null;
        return new TokenTrace(
            token.ToGroupedString(), "key-change", change.Id, change.Pan, change.Tid?.Minutes, change.At, 0, change.Tokens.ToList().IndexOf(token) + 1, null, null, null, null, null, null, null,
            signer?.Read(books => books.FindSigned(change.Id))?.Number, SigningKeyTerms.KeyIdOf(change.To));
    }

    /// <summary>A test token is the same number for everybody, so it has no transaction: what it does is all there is to say.</summary>
    private static TokenTrace? OfTest(TokenNumber token) =>
        token.Class == TokenClass.NonMeterSpecificManagement && MeterTestTokenCodec.Decode(token.Block, out MeterTestToken test) == TokenResult.Accept
            ? new TokenTrace(token.ToGroupedString(), "meter-test", null, null, null, null, 0, checked((long)test.Control), null, null, null, null, null, null, null, null, null)
            : null;

    /// <summary>The signer's line, if it counts this very token.</summary>
    private SignatureRecord? LineOf(Guid id, TokenNumber token) =>
        signer?.Read(books => books.FindSigned(id)) is { } line && line.TokenHash.Span.SequenceEqual(SoftwareSigner.HashOf(token)) ? line : null;
}
