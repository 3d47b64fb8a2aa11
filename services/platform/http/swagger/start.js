// Draws the OpenAPI document of this service; nothing is asked of anybody else.
SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#document",
  deepLinking: true,
  validatorUrl: null,
  persistAuthorization: false,
});
