using Latchkey.Quantities;
using Latchkey.Sts;

namespace Latchkey.Vending.Tests;

public sealed class VendingRuleTests
{
    [Fact]
    public void StoredEnums_Numbers_ArePinned()
    {
        Assert.Equal(
            "Received=1 Held=2 Signed=3 Posted=4 Delivered=5 Credited=6 Declined=7 Expired=8 Reversed=9 ReversalRefused=10 Cancelled=11", Numbers<OrderState>());
        Assert.Equal("Accepted=1 AlreadyUsed=2", Numbers<CreditProofKind>());
        Assert.Equal("Credit=1 Management=2 Cancelled=3", Numbers<SignatureKind>());
        Assert.Equal("Clearing=1 Float=2 Grant=3", Numbers<FundingKind>());
        Assert.Equal("FreeIssue=1 CreditTransfer=2 ClearTamper=3 ClearCredit=4 PowerLimit=5 PhaseUnbalance=6 MeterTest=7 Budget=8 Refund=9 CreditNote=10 BankLine=11 KeyLimit=12 KeyResume=13 Settlement=14 MoneyBack=15 MakerAnswer=16", Numbers<ApprovalKind>());
        Assert.Equal("Open=1 Given=2 Used=3 Refused=4 Expired=5", Numbers<ApprovalState>());
        Assert.Equal("English=1 Chinese=2", Numbers<ReceiptLanguage>());
    }

    // Clients rely on the codes: each is lower-case words with dashes, and no two are alike.
    [Fact]
    public void Codes_AreStableWords()
    {
        string[] codes = [.. typeof(VendingCodes).GetFields().Select(f => (string)f.GetRawConstantValue()!)];
        Assert.Equal(codes.Length, codes.Distinct(StringComparer.Ordinal).Count());
        Assert.All(codes, code => Assert.Matches("^[a-z]+(-[a-z]+)*$", code));
    }

    [Theory]
    [InlineData("Ann", "Bo", true)]
    [InlineData("Ann", "ann ", false)]
    [InlineData("Ann", "", false)]
    [InlineData(" ", "Bo", false)]
    public void TwoPeople_AreTwoDifferentNames(string first, string second, bool expected) => Assert.Equal(expected, new TwoPeople(first, second).AreTwo);

    [Fact]
    public void DerivedIds_OfOneOrder_DifferByStepAndRepeat()
    {
        Guid order = new("0198a5f0-1234-7abc-8def-0123456789ab");
        Assert.Equal(DerivedId.Of(order, "hold 1"), DerivedId.Of(order, "hold 1"));
        Assert.NotEqual(DerivedId.Of(order, "hold 1"), DerivedId.Of(order, "hold 2"));
        Assert.StartsWith("0198a5f0-1234-8", DerivedId.Of(order, "hold 1").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void WallClock_OfTheSellersPlace_HasNoDaylightSaving()
    {
        var options = new VendingOptions("x", TimeSpan.FromHours(8), []);
        Assert.Equal(new DateTime(2026, 7, 1, 0, 0, 0), options.WallClock(new DateTimeOffset(2026, 6, 30, 16, 0, 0, TimeSpan.Zero)));
        Assert.Equal(new DateOnly(2026, 7, 1), options.Day(new DateTimeOffset(2026, 6, 30, 16, 0, 0, TimeSpan.Zero)));
    }

    [Fact]
    public void HoldEntry_OfASale_BalancesInEveryUnit()
    {
        var order = new VendOrder(
            new PlaceOrder(new Guid(1, 0, 0, new byte[8]), Samples.Key.Pan, Money.FromMajor(50m, Currency.Cny), "wechat", "p"),
            OrderState.Held, new OrderTimes(DateTimeOffset.UnixEpoch), Samples.Terms, TokenIdentifier.FromMinutes(6_777_000), Attempt: 1);
        var channel = new SalesChannel("wechat", FundingKind.Clearing);
        Ledger.JournalEntry entry = SaleEntries.Hold(order, channel, DateTimeOffset.UnixEpoch, TimeSpan.FromMinutes(10));

        var book = new Ledger.LedgerBook();
        foreach (Ledger.LedgerAccount account in SaleEntries.Accounts(entry, channel)) Assert.True(book.Open(account));
        Assert.Equal(Ledger.PostResult.Posted, book.Post(entry));

        // A levy whose name has no Latin letters keeps an account of its own.
        Assert.Single(entry.Postings, p => p.Account.ToString().StartsWith("levy:--", StringComparison.Ordinal));
    }

    private static string Numbers<T>() where T : struct, Enum => string.Join(' ', Enum.GetValues<T>().Select(v => $"{v}={v:D}"));
}
