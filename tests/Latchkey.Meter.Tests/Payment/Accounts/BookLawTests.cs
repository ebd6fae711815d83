using System.Collections.Immutable;
using CsCheck;
using Latchkey.Meter.Payment.Accounts;

namespace Latchkey.Meter.Tests.Payment.Accounts;

/// <summary>Laws of the book under any sequence of movements: nothing is made, nothing is lost.</summary>
public sealed class BookLawTests
{
    private static readonly AccountSettings Settings = new()
    {
        Unit = AccountUnit.Currency,
        Name = "CNY",
        Scale = -2,
        MaxProvision = 40_000_000,
        MaxProvisionSeconds = 1_000,
        Credits =
        [
            new(CreditKind.Token, 2) { Configuration = CreditConfiguration.ReceivesTokens },
            new(CreditKind.Emergency, 4) { Configuration = CreditConfiguration.Confirmation | CreditConfiguration.MustBeRepaid, Preset = 5_000_000, AvailableThreshold = 2_000_000 },
            new(CreditKind.Reserved, 3) { Configuration = CreditConfiguration.Confirmation | CreditConfiguration.ReceivesTokens, AvailableThreshold = 1_000_000 },
            new(CreditKind.Time, 1) { Preset = 3_000_000, Period = 3_600 },
            new(CreditKind.Emergency, 5) { Preset = 1_000_000, AvailableThreshold = 1 },
        ],
        Charges =
        [
            new(ChargeKind.Consumption, 1) { Configuration = ChargeConfiguration.Continuous },
            new(ChargeKind.Time, 2) { Configuration = ChargeConfiguration.Continuous, PeriodSeconds = 60, Active = UnitCharge.Flat(7, -2, 0) },
            new(ChargeKind.Time, 3) { PeriodSeconds = 600, Active = UnitCharge.Flat(50, -2, 0) },
            new(ChargeKind.Payment, 1) { Configuration = ChargeConfiguration.Percentage, Proportion = 3_333 },
            new(ChargeKind.Payment, 2) { Active = UnitCharge.Flat(25, -2, 0) },
        ],
        TokenShares = [new(2, 10)],
    };

    private static readonly Gen<(int Kind, int Which, long Amount)> Moves = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 4], Gen.Long[0, 30_000_000]);

    [Fact]
    public void Settings_OfTheseTests_AreValid() => Assert.Equal(AccountFault.None, AccountRules.Check(Settings));

    [Fact]
    public void AnySequenceOfMovements_KeepsTheLaws() => Moves.Array[1, 60].Sample(moves =>
    {
        var now = new AccountPosition(Settings, default, 0);
        long granted = 0, uptime = 0, consumed = 0;
        foreach ((int kind, int which, long amount) in moves)
        {
            uptime += 100;
            if (kind <= 2) consumed += amount;
            if (kind == 3) granted += amount;
            AccountPosition before = now with { Consumed = consumed };
            var draft = new BookDraft(before);
            Move(draft, kind, which, amount, uptime);
            now = before with { Book = before.Book.With(draft.Lines().AsSpan()) };
            Require(now, consumed, before);
        }

        return now.Book[AccountLine.Granted] >= granted;
    }, iter: 2_000);

    [Fact]
    public void ARecord_OfTheLargestMovement_FitsIntoOnePage() => Moves.Array[1, 40].Sample(moves =>
    {
        var now = new AccountPosition(Settings, default, 0);
        int longest = 0;
        foreach ((int kind, int which, long amount) in moves)
        {
            var draft = new BookDraft(now with { Consumed = now.Consumed + amount });
            Move(draft, kind, which, amount * 1_000_000, 1_000_000_000);
            ImmutableArray<BookLine> lines = draft.Lines();
            byte[] buffer = new byte[1_000];
            var output = new Latchkey.Meter.Journal.ByteWriter(buffer);
            foreach (BookLine line in lines) Latchkey.Meter.State.DurableStateCodec.WriteLine(ref output, line);
            longest = Math.Max(longest, output.Length);
            now = now with { Book = now.Book.With(lines.AsSpan()), Consumed = now.Consumed + amount };
        }

        return longest <= Latchkey.Meter.Journal.RecordIo.MaxPayload - 20;
    }, iter: 500);

    private static void Move(BookDraft draft, int kind, int which, long amount, long uptime)
    {
        switch (kind)
        {
            case 0 or 1 or 2: draft.Spill(); break;
            case 3: draft.TopUp(amount, uptime, 1_000); break;
            case 4: draft.Collect(1 + (which % 2), amount % 5_000_000, uptime, 1_000); break;
            case 5: draft.Set(2 + (which % 3), ChargeLine.Remaining, amount); break;
            case 6: draft.Give(3, uptime); break;
            case 7 when !draft.Position.IsInvoked(which) && draft.Position.IsOffered(which): draft.Set(which, CreditLine.Invoked, Math.Max(1, Settings.Credits[which].Preset)); break;
            case 8: draft.Clear(); break;
            case 9 when amount < 3_000_000: draft.Close(1_000); break;
        }
    }

    private static void Require(AccountPosition now, long consumed, AccountPosition before)
    {
        AccountBook book = now.Book;
        long added = 0, taken = 0, net = 0, charged = 0;
        for (int i = 0; i < Settings.Credits.Length; i++)
        {
            added += book.Credit(i, CreditLine.Added);
            taken += book.Credit(i, CreditLine.Taken);
            net += now.Net(i);
            Assert.True(book.Credit(i, CreditLine.Added) >= before.Book.Credit(i, CreditLine.Added), "what was put in only grows");
            if (i != AccountSettings.TokenCredit) Assert.True(now.Amount(i) >= Settings.Credits[i].Limit, "only the token credit owes");
        }

        for (int i = 0; i < Settings.Charges.Length; i++)
        {
            charged += book.Charge(i, ChargeLine.Paid);
            Assert.True(book.Charge(i, ChargeLine.Remaining) >= 0, "no debt falls below nothing");
            Assert.True(book.Charge(i, ChargeLine.Paid) >= before.Book.Charge(i, ChargeLine.Paid), "what was paid only grows");
        }

        Assert.Equal(book[AccountLine.Granted], added);
        Assert.Equal(consumed + charged + book[AccountLine.Forfeited], taken);
        Assert.Equal(book[AccountLine.Granted] - consumed - charged - book[AccountLine.Forfeited], net);
        Assert.Equal(consumed, book[AccountLine.ConsumedMark]);
    }
}
