using System.Net.Sockets;
using Latchkey.Custody.Apart;
using Latchkey.Custody.Tests.Contract;
using Latchkey.Storage.Tests.Vending;
using Latchkey.Testing;
using Latchkey.Vending;
using Latchkey.Vending.Apart;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latchkey.Custody.Tests.Apart;

/// <summary>Lines that break, signers that are silent, and strangers at the socket.</summary>
public sealed class RemoteSignerFaultTests
{
    private static readonly SignOutcome Unknown = new SignOutcome.Refused("signer-unavailable");

    [Fact]
    public async Task Ask_WithNobodyThere_IsUnknownAndPromisesNothing()
    {
        using Shop shop = await Shop.OpenAsync();
        (VendOrder order, HeldEntry held) = await new HeldOrders(shop).Hold(1);
        using var signer = new RemoteSigner(new RemoteSignerOptions("/nowhere/signer"), TimeProvider.System);
        Assert.Equal(Unknown, await signer.SignAsync(order, held, CancellationToken.None));
        Assert.Equal(NoTokenPromise.Unknown, await signer.CancelAsync(order.Id, held.EntryId, CancellationToken.None));
        Assert.Null(await signer.KeysAsync(CancellationToken.None));
        Assert.Equal("signer-unavailable", (await signer.ReconcileAsync(CancellationToken.None)).NotDone);
        Assert.Null(await signer.SignedAsync([order.Id], CancellationToken.None));
        Assert.Contains("there is no socket at /nowhere/signer", signer.Ailment, StringComparison.Ordinal);
        await Assert.ThrowsAsync<SignerAwayException>(() => signer.StopAsync(Shop.KeyId, "drill", CancellationToken.None));
    }

    [Fact]
    public async Task Ask_ASignerThatDoesNotAnswer_IsUnknownAfterItsTime()
    {
        using Shop shop = await Shop.OpenAsync();
        using var directory = new TemporaryDirectory();
        (VendOrder order, HeldEntry held) = await new HeldOrders(shop).Hold(1);
        using Socket silent = Listen(directory.File("s"));
        using var signer = new RemoteSigner(new RemoteSignerOptions(directory.File("s")) { Timeout = TimeSpan.FromMilliseconds(200) }, TimeProvider.System);
        Assert.Equal(Unknown, await signer.SignAsync(order, held, CancellationToken.None));
    }

    [Fact]
    public async Task Ask_WhoeverAnswersOutOfTurn_IsNotBelieved()
    {
        using Shop shop = await Shop.OpenAsync();
        using var directory = new TemporaryDirectory();
        (VendOrder order, HeldEntry held) = await new HeldOrders(shop).Hold(1);
        using Socket liar = Listen(directory.File("s"));
        Task lying = AnswerAsync(liar, number => number == 1 ? 1u : number + 1);
        using var signer = new RemoteSigner(new RemoteSignerOptions(directory.File("s")), TimeProvider.System);
        Assert.Equal(Unknown, await signer.SignAsync(order, held, CancellationToken.None));
        liar.Dispose();
        await lying;
    }

    [Fact]
    public async Task Ask_AfterTheSignerWasStartedAgain_ConnectsByItself()
    {
        using Shop shop = await Shop.OpenAsync();
        using var rig = (RemoteRig)await new RemoteRig(shop).StartAsync();
        var orders = new HeldOrders(shop);
        (VendOrder first, HeldEntry held) = await orders.Hold(1);
        (VendOrder second, HeldEntry other) = await orders.Hold(2);
        Assert.IsType<SignOutcome.Signed>(await rig.Signer.SignAsync(first, held, CancellationToken.None));
        rig.StopServer();
        Assert.Equal(Unknown, await rig.Signer.SignAsync(second, other, CancellationToken.None));
        rig.StartServer();
        Assert.IsType<SignOutcome.Signed>(await rig.Signer.SignAsync(second, other, CancellationToken.None));
        Assert.Equal(2, rig.Counters.Tokens);
    }

    [Fact]
    public async Task Ask_AnotherUsersSignerThanExpected_IsUnknown()
    {
        using Shop shop = await Shop.OpenAsync();
        using var rig = (RemoteRig)await new RemoteRig(shop).StartAsync();
        (VendOrder order, HeldEntry held) = await new HeldOrders(shop).Hold(1);
        using var wary = new RemoteSigner(new RemoteSignerOptions(rig.SocketPath) { SignerUser = 4_294_967_000 }, TimeProvider.System);
        Assert.Equal(Unknown, await wary.SignAsync(order, held, CancellationToken.None));
        Assert.Equal(0, rig.Counters.Tokens);
    }

    [Theory]
    [InlineData("FFFFFFFFFFFFFFFFFFFF")]
    [InlineData("0000000602FF00000001")] // a kind that is none
    [InlineData("00000007020200000001FF")] // a list that is none
    public async Task Serve_BytesThatAreNoRequest_ClosesThatLineAndServesTheNext(string hex)
    {
        using Shop shop = await Shop.OpenAsync();
        using var rig = (RemoteRig)await new RemoteRig(shop).StartAsync();
        using Socket stranger = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await stranger.ConnectAsync(new UnixDomainSocketEndPoint(rig.SocketPath));
        await stranger.SendAsync(Convert.FromHexString(hex));
        Assert.Equal(0, await stranger.ReceiveAsync(new byte[16]).WaitAsync(TimeSpan.FromSeconds(30)));
        (VendOrder order, HeldEntry held) = await new HeldOrders(shop).Hold(1);
        Assert.IsType<SignOutcome.Signed>(await rig.Signer.SignAsync(order, held, CancellationToken.None));
    }

    [Fact]
    public async Task Start_WhereAnotherSignerListens_IsRefused_ButADeadSocketIsReplaced()
    {
        using Shop shop = await Shop.OpenAsync();
        using var rig = (RemoteRig)await new RemoteRig(shop).StartAsync();
        Assert.Throws<CustodyException>(() => SignerServer.Start(rig.Room, new SignerServerOptions(rig.SocketPath), TimeProvider.System, NullLogger.Instance));

        // A killed signer leaves an empty name behind that nobody answers at; a file with content is somebody's.
        string dead = Path.Combine(Path.GetDirectoryName(rig.SocketPath)!, "dead");
        await File.WriteAllBytesAsync(dead, []);
        await SignerServer.Start(rig.Room, new SignerServerOptions(dead), TimeProvider.System, NullLogger.Instance).DisposeAsync();
        await File.WriteAllBytesAsync(dead, [1]);
        Assert.Throws<CustodyException>(() => SignerServer.Start(rig.Room, new SignerServerOptions(dead), TimeProvider.System, NullLogger.Instance));
    }

    [Fact]
    public async Task Start_MakesADirectoryForItselfAloneAndRefusesOneThatIsOpenToAll()
    {
        using Shop shop = await Shop.OpenAsync();
        using var rig = (RemoteRig)await new RemoteRig(shop).StartAsync();
        if (!OperatingSystem.IsLinux()) return;
        string directory = Path.GetDirectoryName(rig.SocketPath)!;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory));
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(rig.SocketPath) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite));
        File.SetUnixFileMode(directory, File.GetUnixFileMode(directory) | UnixFileMode.OtherWrite);
        Assert.Throws<CustodyException>(() => SignerServer.Start(rig.Room, new SignerServerOptions(Path.Combine(directory, "x")), TimeProvider.System, NullLogger.Instance));
    }

    [Fact]
    public async Task Serve_MoreLinesThanItsLimit_ClosesTheOneTooMany()
    {
        using Shop shop = await Shop.OpenAsync();
        using var rig = (RemoteRig)await new RemoteRig(shop).StartAsync();
        string path = Path.Combine(Path.GetDirectoryName(rig.SocketPath)!, "narrow");
        await using SignerServer server = SignerServer.Start(rig.Room, new SignerServerOptions(path) { ConnectionLimit = 1 }, TimeProvider.System, NullLogger.Instance);
        using Socket first = await ConnectAsync(path), second = await ConnectAsync(path);
        Assert.Equal(0, await second.ReceiveAsync(new byte[1]).WaitAsync(TimeSpan.FromSeconds(30)));
        await first.SendAsync(SignerFrame.Write(1, 1, []));
        Assert.NotEqual(0, await first.ReceiveAsync(new byte[64]).WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private static Socket Listen(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();
        return socket;
    }

    private static async Task<Socket> ConnectAsync(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    /// <summary>Welcomes, and answers every further request with a promise under a number of its choice.</summary>
    private static async Task AnswerAsync(Socket listener, Func<uint, uint> numbers)
    {
        try
        {
            while (true)
            {
                using Socket peer = await listener.AcceptAsync();
                byte[] buffer = new byte[8_192];
                for (uint n = 1; await peer.ReceiveAsync(buffer) > 0; n++)
                {
                    SignerAnswer answer = n == 1 ? new SignerAnswer.Welcome(true) : new SignerAnswer.Outcomes([new SignOutcome.Signed(default)]);
                    (byte kind, byte[] payload) = SignerWire.Encode(answer);
                    await peer.SendAsync(SignerFrame.Write(kind, numbers(n), payload));
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test has heard enough.
        }
    }
}
