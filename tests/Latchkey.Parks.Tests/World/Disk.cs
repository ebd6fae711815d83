using Latchkey.HeadEnd;
using Latchkey.Messaging.Log;
using Latchkey.Parks.Store;
using Latchkey.Payments.Store;
using Latchkey.Vending;

namespace Latchkey.Parks.Tests;

/// <summary>What survives the death of the process, in one form or another.</summary>
internal abstract class Disk : IDisposable
{
    public abstract IParkStore Parks { get; }

    public abstract IHeadEndStore HeadEnd { get; }

    public abstract IPaymentStore Payments { get; }

    public abstract IMessageLog Messages { get; }

    public abstract IOrderDesk Orders { get; }

    public virtual void Dispose()
    {
        // what is in memory needs no closing
    }
}

/// <summary>Stores in memory; only the objects above them die.</summary>
internal sealed class MemoryDisk(TimeProvider time) : Disk
{
    public override IParkStore Parks { get; } = new InMemoryParkStore();

    public override IHeadEndStore HeadEnd { get; } = new InMemoryHeadEndStore();

    public override IPaymentStore Payments { get; } = new InMemoryPaymentStore();

    public override IMessageLog Messages { get; } = new InMemoryMessageLog();

    public override IOrderDesk Orders { get; } = new OrderBook(time);
}
