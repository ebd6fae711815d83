using Latchkey.Vending;

namespace Latchkey.Parks.Tests;

/// <summary>A stand-in for the books of money that two people gave back.</summary>
internal sealed class GivenBack : IMoneyBackRecord
{
    private readonly Dictionary<Guid, int> _granted = [];

    public int Granted(Guid orderId) => _granted.GetValueOrDefault(orderId);

    public void Give(Guid orderId) => _granted[orderId] = Granted(orderId) + 1;
}
