using Latchkey.Custody.Apart;
using Latchkey.Storage.Ledger;
using Latchkey.Storage.Vending;
using Latchkey.Storage.Vending.Bench;
using Latchkey.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latchkey.Custody.Tests.Apart;

public sealed class ApartBenchTests
{
    // Speeds are the bench's business; that both shops sell and the signer's books agree is a test's.
    [Fact]
    public async Task RunApart_ForAMoment_SellsOnBothSidesAndTheBooksAgree()
    {
        using TemporaryDirectory directory = TemporaryDirectory.InMemory(), own = TemporaryDirectory.InMemory();
        string socket = Path.Combine(own.Path, "socket", "signer");
        using var client = new RemoteSigner(new RemoteSignerOptions(socket), TimeProvider.System);
        SignerRoom? room = null;
        SignerServer? server = null;
        var apart = new BenchSigner(
            client,
            async (books, import) =>
            {
                File.Copy(Path.Combine(books, LedgerSeal.FileName), own.File(LedgerSeal.FileName));
                room = SignerRoom.OpenAlone(own.Path, books, CustodyKeyFile.OpenOrCreate, null, TimeProvider.System);
                Assert.Null(await import(room.Keys));
                server = SignerServer.Start(room, new SignerServerOptions(socket), TimeProvider.System, NullLogger.Instance);
            },
            () => TimeSpan.Zero);
        IReadOnlyList<VendFigure> figures = await VendBench.RunApartAsync(directory.Path, TimeSpan.FromMilliseconds(400), apart, CancellationToken.None);
        Assert.Equal(2, figures.Count(f => f.Name.EndsWith("orders sold, durable, 64 clients", StringComparison.Ordinal) && f.Value > 0));
        Assert.Equal(0, figures[^1].Value);
        await server!.DisposeAsync();
        room!.Dispose();
    }
}
