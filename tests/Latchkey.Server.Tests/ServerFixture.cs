using System.Net.Http.Headers;
using Latchkey.Server.Access;
using Latchkey.Server.Api;
using Latchkey.Server.Portal.Messages;
using Latchkey.Server.Portal.Meters;
using Latchkey.Server.Portal.Orders;
using Latchkey.Server.Portal.Park;
using Latchkey.Server.Portal.RollOver;
using Latchkey.Server.Portal.TopUps;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests;

/// <summary>The real server on a free port of the loopback, over a made-up park.</summary>
public sealed class ServerFixture : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _directory;
    private readonly Lazy<string> _operatorPassword, _tenantPassword;

    private ServerFixture(WebApplication app, string directory, FakePark park)
    {
        (_app, _directory, Park) = (app, directory, park);
        Accounts = app.Services.GetRequiredService<AccountBook>();
        ApiKey = Accounts.SetApiClient("till-7");
        // Keeping a password is slow on purpose; most tests need none.
        _operatorPassword = new Lazy<string>(() => Accounts.SetAccount("operator", "Operator", PortalRoles.Operator, null));
        _tenantPassword = new Lazy<string>(() => Accounts.SetAccount("wang", "Wang Li", PortalRoles.Tenant, FakePark.Tenant));
    }

    internal FakePark Park { get; }

    public AccountBook Accounts { get; }

    public string ApiKey { get; }

    public string OperatorPassword => _operatorPassword.Value;

    public string TenantPassword => _tenantPassword.Value;

    public Uri Address => new(_app.Urls.First());

    public static async Task<ServerFixture> StartAsync(string urls = "http://127.0.0.1:0", Action<IServiceCollection>? services = null)
    {
        string directory = Directory.CreateTempSubdirectory("latchkey-server-").FullName;
        WebApplicationBuilder builder = LatchkeyServer.CreateBuilder(new ServerOptions { DataDirectory = directory, Urls = urls, Quiet = true, Zone = TimeZoneInfo.Utc });
        var park = new FakePark(TimeProvider.System);
        Use(builder.Services, park);
        services?.Invoke(builder.Services);
        WebApplication app = LatchkeyServer.Build(builder);
        await app.StartAsync(CancellationToken.None);
        return new ServerFixture(app, directory, park);
    }

    internal static void Use(IServiceCollection services, FakePark park) => services
        .AddSingleton<IParkView>(park).AddSingleton<IMeterView>(park).AddSingleton<IMeterHands>(park).AddSingleton<IMeterCommands>(park).AddSingleton<ITopUps>(park)
        .AddSingleton<IProgrammeView>(new FakeProgrammes())
        .AddSingleton<IMessageView>(park).AddSingleton<IOrderView>(park).AddSingleton<IPurchases>(park).AddSingleton<IDeliveryView>(park).AddSingleton<IPaymentCallbacks>(park);

    /// <summary>A caller with an API key, or with none.</summary>
    public HttpClient Caller(bool withKey = true)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
        if (withKey) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiKey);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
