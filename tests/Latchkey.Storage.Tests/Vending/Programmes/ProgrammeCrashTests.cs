using Latchkey.Sts;
using Latchkey.Testing;
using Latchkey.Vending;
using Latchkey.Vending.Programmes;

namespace Latchkey.Storage.Tests.Vending.Programmes;

/// <summary>A programme that is broken off and taken up again at random comes to the same end as one that is not.</summary>
public sealed class ProgrammeCrashTests
{
    private const int Meters = 24, Days = 70, PerDay = 3;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task RandomDaysWithRestarts_KeepEveryPromise(int seed)
    {
        using ProgrammeShop shop = await ProgrammeShop.OpenAsync(Meters);
        await shop.StartAsync(ProgrammeShop.Programme(ProgrammeShop.Cohort(perDay: PerDay, starts: shop.Today.AddDays(5))));
        var random = new Random(seed);
        int order = 100, refused = 0;
        for (int day = 0; day < Days; day++)
        {
            await MaybeRestartAsync(shop, random);
            await shop.RunAsync();
            await MaybeRestartAsync(shop, random);
            for (int meter = 0; meter < Meters; meter++)
            {
                if (random.Next(8) != 0) continue;
                OrderOutcome outcome = await shop.House.Desk.PlaceAsync(ProgrammeShop.Order(order, meter), CancellationToken.None);
                await MaybeRestartAsync(shop, random);

                // Asked again after a crash, the answer is the same.
                if (outcome is OrderOutcome.Issued issued)
                {
                    Assert.Equal(issued.Receipt.Tokens, (await shop.BuyAsync(order, meter)).Tokens);
                    AssertTaken(shop, meter, issued.Receipt);
                }
                else
                {
                    refused++;
                }

                order++;
            }

            AssertPace(shop);
            shop.Clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal(0, refused);
        Assert.Equal(Meters, shop.Progress().Single().Changed);
        Assert.All(Enumerable.Range(0, Meters), meter => Assert.Equal(BaseDate.Year2014, shop.BaseDateOf(meter)));
        shop.AssertBooksAgree();
    }

    /// <summary>Typed from top to bottom, whatever the meter says to a set that it has already; the credit is taken, and once.</summary>
    private static void AssertTaken(ProgrammeShop shop, int meter, OrderReceipt receipt)
    {
        TokenResult[] answers = [.. receipt.Tokens.Select(t => shop.Type(meter, t.Number))];
        Assert.Equal(TokenResult.Accept, answers[^1]);
        Assert.Equal(TokenResult.UsedError, shop.Type(meter, receipt.Tokens[^1].Number));
    }

    private static void AssertPace(ProgrammeShop shop)
    {
        Assert.All(
            shop.House.Programmes.Days(ProgrammeShop.ProgrammeId).Where(d => d.Day <= new DateOnly(2024, 11, 10)), day => Assert.InRange(day.Planned, 0, PerDay));
        CohortProgress progress = shop.Progress().Single();
        Assert.Equal(Meters, progress.All);
    }

    private static Task MaybeRestartAsync(ProgrammeShop shop, Random random)
    {
        if (random.Next(20) == 0) shop.Restart();
        return Task.CompletedTask;
    }
}
