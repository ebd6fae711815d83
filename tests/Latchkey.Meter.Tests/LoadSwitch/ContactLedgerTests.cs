using Latchkey.Meter.LoadSwitch;

namespace Latchkey.Meter.Tests.LoadSwitch;

public sealed class ContactLedgerTests
{
    [Fact]
    public void Polarity_IsTheOneThatEvensTheLedger()
    {
        var ledger = new ContactLedger(new ContactModel(), 1);
        ledger.Book(40_000);
        Assert.False(ledger.PrefersPositive());
        ledger.Book(-90_000);
        Assert.True(ledger.PrefersPositive());
    }

    [Fact]
    public void Polarity_OfAnEvenLedger_IsChance()
    {
        var ledger = new ContactLedger(new ContactModel(), 7);
        Assert.InRange(Enumerable.Range(0, 1000).Count(_ => ledger.PrefersPositive()), 400, 600);
    }

    [Fact]
    public void Wear_OfNineThousandRandomBreaks_IsAlmostTheLife()
    {
        var ledger = new ContactLedger(new ContactModel(), 1);
        for (int n = 0; n < 9_000; n++) ledger.Book(355_000); // 0.355 C is a random break of 80 A
        Assert.InRange(ledger.WearPermille, 950, 965);
    }

    [Fact]
    public void ReplaceBefore_FollowsTheUseSoFar()
    {
        var ledger = new ContactLedger(new ContactModel(), 1);
        DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Null(ledger.ReplaceBefore(start, start.AddYears(1)));
        ledger.Book(333_333_333); // a tenth of the life
        Assert.Equal(start.AddDays(3650), ledger.ReplaceBefore(start, start.AddDays(365))!.Value, TimeSpan.FromDays(2));
    }
}
