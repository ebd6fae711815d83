using CsCheck;
using Latchkey.Quantities;

namespace Latchkey.Vending.Tests;

public sealed class SaleTenderTests
{
    [Theory]
    [InlineData(TenderKind.Cash, 5_000, 0, true)]
    [InlineData(TenderKind.Cash, 10_000, 3, true)]
    [InlineData(TenderKind.Cash, 4_999, 0, false)]
    [InlineData(TenderKind.Cash, 4_999, 1, true)]
    [InlineData(TenderKind.Cash, 5_000, -1, false)]
    [InlineData(TenderKind.Cash, 5_000, 5_000, false)]
    [InlineData(TenderKind.Cash, -1, 0, false)]
    [InlineData(TenderKind.Card, 5_000, 0, true)]
    [InlineData(TenderKind.Card, 5_001, 0, false)]
    [InlineData(TenderKind.Card, 4_999, 1, false)]
    [InlineData((TenderKind)9, 5_000, 0, false)]
    public void Fault_OfAPaymentOfFifty_IsNoneWhereItCanPay(TenderKind kind, long tendered, long rounded, bool pays) =>
        Assert.Equal(pays, new SaleTender(kind, tendered, rounded).Fault(Yuan(5_000)) is null);

    [Fact]
    public void Cash_IsRoundedInTheCustomersFavour_ByLessThanACoin_AndComesOutEven() =>
        Gen.Select(Gen.Long[100, 1_000_000], Gen.Long[1, 100], Gen.Long[0, 1_000_000]).Sample((amount, coin, more) =>
        {
            SaleTender tender = SaleTender.Cash(Yuan(amount), amount + more, coin);
            return tender.Fault(Yuan(amount)) is null
                && tender.Payable(amount) % coin == 0 && tender.RoundedMinorUnits >= 0 && tender.RoundedMinorUnits < coin
                && tender.TenderedMinorUnits == tender.Payable(amount) + tender.Change(amount);
        });

    private static Money Yuan(long fen) => new(fen, Currency.Cny);
}
