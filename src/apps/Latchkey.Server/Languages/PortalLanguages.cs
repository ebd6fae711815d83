using System.Globalization;
using Microsoft.AspNetCore.Localization;

namespace Latchkey.Server.Languages;

/// <summary>The languages of the portal, and how a reader chooses one.</summary>
public static class PortalLanguages
{
    public const string English = "en";
    public const string Chinese = "zh-Hans";

    /// <summary>Each language with its own name for itself.</summary>
    public static IReadOnlyList<(string Code, string Name)> All { get; } = [(English, "English"), (Chinese, "中文")];

    internal static void Configure(RequestLocalizationOptions options)
    {
        CultureInfo[] cultures = [.. All.Select(language => CultureInfo.GetCultureInfo(language.Code))];
        options.DefaultRequestCulture = new RequestCulture(English);
        options.SupportedCultures = cultures;
        options.SupportedUICultures = cultures;

        // A link must not change the language for the next page, so the query string is not asked.
        options.RequestCultureProviders = [new CookieRequestCultureProvider(), new ChineseByRegion(), new AcceptLanguageHeaderRequestCultureProvider()];
    }

    /// <summary>The code when it is one of ours, else null.</summary>
    internal static string? Known(string code) => All.Any(language => language.Code == code) ? code : null;

    // Phones say zh-CN or zh, whose parent chain the framework walks only for exact neutral names.
    private sealed class ChineseByRegion : RequestCultureProvider
    {
        public override Task<ProviderCultureResult?> DetermineProviderCultureResult(HttpContext httpContext)
        {
            string? first = httpContext.Request.GetTypedHeaders().AcceptLanguage.OrderByDescending(language => language.Quality ?? 1).FirstOrDefault()?.Value.Value;
            bool chinese = first is not null && first.StartsWith("zh", StringComparison.OrdinalIgnoreCase);
            return Task.FromResult(chinese ? new ProviderCultureResult(Chinese) : null);
        }
    }
}
