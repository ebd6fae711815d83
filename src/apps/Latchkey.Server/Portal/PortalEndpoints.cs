using Latchkey.Server.Access;
using Latchkey.Server.Languages;
using Latchkey.Server.Portal.Layout;
using Latchkey.Server.Receipts;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Localization;

namespace Latchkey.Server.Portal;

/// <summary>The portal's routes that are not pages: language, palette, sign-out, and the pages' own mapping.</summary>
internal static class PortalEndpoints
{
    private static readonly TimeSpan ChoiceLasts = TimeSpan.FromDays(365);

    internal static void MapLatchkeyPortal(this WebApplication app)
    {
        app.MapStaticAssets(StaticFiles.Manifest);
        app.MapGet("/language/{code}", ChooseLanguage).ExcludeFromDescription();
        app.MapGet("/palette/{name}", ChoosePalette).ExcludeFromDescription();
        app.MapReceiptPages();
        app.MapPost("/signout", SignOutAsync).ExcludeFromDescription();
        // The policy of SecurityHeaders forbids all frames; a second header would only say less.
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null).WithStaticAssets(StaticFiles.Manifest);
    }

    private static RedirectHttpResult ChooseLanguage(string code, string? back, HttpContext context)
    {
        if (PortalLanguages.Known(code) is { } known)
            Remember(context, CookieRequestCultureProvider.DefaultCookieName, CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(known)));
        return TypedResults.LocalRedirect(LocalAddress.Of(back));
    }

    private static RedirectHttpResult ChoosePalette(string name, string? back, HttpContext context)
    {
        if (Palette.Known(name) is { } known) Remember(context, Palette.Cookie, known);
        return TypedResults.LocalRedirect(LocalAddress.Of(back));
    }

    private static async Task<Results<RedirectHttpResult, BadRequest>> SignOutAsync(HttpContext context, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(context)) return TypedResults.BadRequest();
        await context.SignOutAsync();
        return TypedResults.LocalRedirect("/signin");
    }

    private static void Remember(HttpContext context, string name, string value) => context.Response.Cookies.Append(name, value, new CookieOptions
    {
        MaxAge = ChoiceLasts,
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = context.Request.IsHttps,
        IsEssential = true,
    });
}
