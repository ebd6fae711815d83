using Latchkey.Server.Access;
using Latchkey.Server.Api;
using Latchkey.Server.ElectrumApi;
using Latchkey.Server.Languages;
using Latchkey.Server.Portal;
using Latchkey.Server.SelfCheck;
using Latchkey.Server.Serve;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using MudBlazor.Services;

namespace Latchkey.Server;

/// <summary>Builds the server: REST API, operator portal and tenant pages in one process.</summary>
/// <remarks>The caller registers the rooms behind the readers (<c>IParkView</c>, <c>IMeterView</c>, …) between the two calls.</remarks>
public static class LatchkeyServer
{
    private const string CookieKeys = "cookie-keys";
    private const long LargestRequestBytes = 256 * 1024;

    /// <summary>A builder with everything but the rooms behind the readers.</summary>
    public static WebApplicationBuilder CreateBuilder(ServerOptions options)
    {
        Directory.CreateDirectory(options.DataDirectory);
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = StaticFiles.ManifestOwner,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        builder.WebHost.UseUrls(options.Https is { } tls ? $"{options.Urls};{tls.Url}" : options.Urls).UseStaticWebAssets().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestRequestBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            if (options.Https is { } https) TlsDoor.Open(kestrel, options.DataDirectory, https);
        });
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        if (!options.Quiet) builder.Logging.AddSimpleConsole(console => console.SingleLine = true);

        // An open page must not hold up the end of the process: its circuit is closed by that anyway.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(3));
        builder.Services.AddSingleton(options).AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services => new VitalWatch(services.GetServices<IVitalProbe>(), TimeProvider.System, services.GetRequiredService<ILogger<VitalWatch>>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<VitalWatch>());
        builder.Services.AddLatchkeyAccess(options).AddLatchkeyApi().AddLatchkeyPortal(options.Zone);
        return builder;
    }

    /// <summary>The server, ready to run.</summary>
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        WebApplication app = builder.Build();
        app.UseSecurityHeaders();
        app.UseWhen(IsApi, api => api.UseExceptionHandler().UseStatusCodePages());
        app.UseWhen(context => !IsApi(context), pages => pages.UseExceptionHandler("/error", createScopeForErrors: true).UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));
        app.UseRequestLocalization();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter();
        app.UseAntiforgery();
        app.MapLatchkeyApi();
        app.MapLatchkeyPortal();
        app.MapHealth();
        return app;
    }

    internal static bool IsApi(HttpContext context) => IsUnder(context, "/v1") || IsUnder(context, "/openapi") || IsUnder(context, ElectrumEndpoints.BasePath);

    private static bool IsUnder(HttpContext context, string path) => context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase);

    private static IServiceCollection AddLatchkeyAccess(this IServiceCollection services, ServerOptions options)
    {
        // The keys lie beside the accounts, readable by the owner alone; encrypting them at rest would need one more key in the same place.
        DirectoryInfo keys = OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(Path.Combine(options.DataDirectory, CookieKeys))
            : Directory.CreateDirectory(Path.Combine(options.DataDirectory, CookieKeys), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        services.AddDataProtection().SetApplicationName("Latchkey").PersistKeysToFileSystem(keys);
        services.AddSingleton(_ => AccountBook.Open(options.DataDirectory)).AddSingleton(_ => new SignInThrottle(TimeProvider.System)).AddSingleton<SignInDesk>();
        services.AddSingleton(_ => new ClientTraffic(TimeProvider.System));
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(cookie =>
            {
                cookie.Cookie.Name = "latchkey";
                cookie.Cookie.HttpOnly = true;
                cookie.Cookie.SameSite = SameSiteMode.Lax;
                cookie.ExpireTimeSpan = TimeSpan.FromHours(12);
                cookie.LoginPath = "/signin";
                cookie.AccessDeniedPath = "/";
                cookie.ReturnUrlParameter = "back";
            })
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(PortalRoles.ApiKeyScheme, null)
            .AddScheme<AuthenticationSchemeOptions, ElectrumSignIn>(ElectrumSignIn.SchemeName, null);
        services.AddAuthorization();
        services.AddCascadingAuthenticationState();
        return services;
    }

    private static IServiceCollection AddLatchkeyPortal(this IServiceCollection services, TimeZoneInfo zone)
    {
        services.AddLocalization();
        services.Configure<RequestLocalizationOptions>(PortalLanguages.Configure);
        services.AddSingleton(new RefreshPace(TimeProvider.System)).AddSingleton(new Moment(zone));
        services.AddMudServices();
        services.AddRazorComponents().AddInteractiveServerComponents();
        return services;
    }
}
