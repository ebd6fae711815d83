using Latchkey.HeadEnd.Tests;
using Latchkey.Messaging.Notices;
using Latchkey.Parks.TopUps;
using Latchkey.Vending;

namespace Latchkey.Parks.Tests;

/// <summary>One purchase, from the phone to the light, with a process that may die at any moment; and what must be true at the end.</summary>
internal static class TopUpStory
{
    private static readonly Guid Id = TestMeters.Id(1);

    /// <summary>Lives the story with deaths at the given moments of successive lives; 0 for none.</summary>
    /// <returns>Whether every death happened.</returns>
    public static async Task<bool> LiveAsync(ParkWorld world, params int[] deaths)
    {
        bool allHappened = true;
        foreach (int moment in deaths)
        {
            world.Plan.DieAt(moment);
            allHappened &= await DiesAsync(world);
            world.Plan.DieAt(0);
            world.Restart();
        }

        await OnceAsync(world);
        return allHappened;
    }

    public static void AssertOnceEach(ParkWorld world)
    {
        TopUp topUp = world.Store.FindTopUp(Id)!;
        Assert.Equal((TopUpState.Credited, null), (topUp.State, topUp.Code));
        VendOrder order = Assert.Single(world.Orders.OrdersOf(world.Meter.Pan, 10));
        Assert.Equal(OrderState.Credited, order.State);
        Assert.Equal(1, world.Payments.OrderCount);
        Assert.Equal([order.Token!.Value.ToString()], topUp.Tokens);
        Assert.Equal(1, Assert.Single(world.Meter.Credited).Value);
        Assert.Equal([NoticeKind.TokenIssued, NoticeKind.TokenCredited], world.Phone.Shown.Select(n => n.Kind).Order());
        Assert.Null(topUp.DueAt);
    }

    private static async Task<bool> DiesAsync(ParkWorld world)
    {
        try
        {
            await OnceAsync(world);
            return false;
        }
        catch (ProcessDied)
        {
            return true;
        }
    }

    // The tenant, too, tries again: the page is opened anew with the same purchase.
    private static async Task OnceAsync(ParkWorld world)
    {
        StartTopUpOutcome outcome = await world.StartTopUpAsync();
        Assert.True(outcome is StartTopUpOutcome.Ready or StartTopUpOutcome.UnderWay, outcome.ToString());
        if (outcome is StartTopUpOutcome.Ready)
        {
            world.Payments.Pay(Id);
            await world.ReturnToPageAsync(Id);
        }

        await world.LiveAsync(TimeSpan.FromMinutes(6));
    }
}
